#include "harness/fault/stream_fault.hpp"

namespace gauntlet::fault {
namespace {

class late_end final : public stream_fault {
 public:
  explicit late_end(const slow_close& what) : what_(what) {}
  duration extra_delay_of_end() const override { return what_.by; }

 private:
  slow_close what_;
};

}  // namespace

std::unique_ptr<stream_fault> start(const slow_close& what, const stream_start& /*begin*/) {
  return std::make_unique<late_end>(what);
}

}  // namespace gauntlet::fault
