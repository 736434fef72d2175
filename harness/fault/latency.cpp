#include <algorithm>

#include "harness/fault/stream_fault.hpp"

namespace gauntlet::fault {
namespace {

class late_bytes final : public stream_fault {
 public:
  late_bytes(const latency& what, const stream_start& begin) : what_(what), draws_(begin.draws) {}

  duration extra_delay() override {
    const duration jitter{draws_.between(-what_.jitter.count(), what_.jitter.count())};
    return std::max(duration::zero(), what_.by + jitter);
  }

 private:
  latency what_;
  seeded_stream draws_;
};

}  // namespace

std::unique_ptr<stream_fault> start(const latency& what, const stream_start& begin) {
  return std::make_unique<late_bytes>(what, begin);
}

}  // namespace gauntlet::fault
