#include "harness/fault/paced_bytes.hpp"

namespace gauntlet::fault {
namespace {

/// Nothing waits in the link, so that the sender's own queue grows.
class slowly_read final : public paced_bytes {
 public:
  using paced_bytes::paced_bytes;
  std::size_t waiting_bytes_max() const override { return 0; }
};

}  // namespace

std::unique_ptr<stream_fault> start(const slow_reader& what, const stream_start& /*begin*/) {
  return std::make_unique<slowly_read>(what.bytes_per_second);
}

}  // namespace gauntlet::fault
