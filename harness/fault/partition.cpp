#include "harness/fault/stream_fault.hpp"

namespace gauntlet::fault {
namespace {

/// What is sent waits, as it would in the senders' buffers, and comes through when the network is
/// whole again.
class parted_network final : public stream_fault {
 public:
  std::size_t allowance(std::size_t, time_point) override { return 0; }
  bool blocks_ends() const override { return true; }
};

}  // namespace

std::unique_ptr<stream_fault> start(const partition& /*what*/, const stream_start& /*begin*/) {
  return std::make_unique<parted_network>();
}

}  // namespace gauntlet::fault
