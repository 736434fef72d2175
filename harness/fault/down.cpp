#include "harness/fault/stream_fault.hpp"

namespace gauntlet::fault {
namespace {

class unreachable_broker final : public stream_fault {
 public:
  unreachable_broker(const down& what, const stream_start& begin)
      : end_{begin.at, planned_end{what.how, what.how}} {}

  std::size_t allowance(std::size_t, time_point) override { return 0; }
  std::optional<stream_end> end() const override { return end_; }
  bool refuses_connections() const override { return true; }

 private:
  stream_end end_;
};

}  // namespace

std::unique_ptr<stream_fault> start(const down& what, const stream_start& begin) {
  return std::make_unique<unreachable_broker>(what, begin);
}

}  // namespace gauntlet::fault
