#include "harness/fault/paced_bytes.hpp"

namespace gauntlet::fault {

std::unique_ptr<stream_fault> start(const bandwidth& what, const stream_start& /*begin*/) {
  return std::make_unique<paced_bytes>(what.bytes_per_second);
}

}  // namespace gauntlet::fault
