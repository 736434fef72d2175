#include "harness/fault/dead_stream.hpp"

namespace gauntlet::fault {

std::unique_ptr<stream_fault> start(const reset_peer& what, const stream_start& begin) {
  return std::make_unique<dead_stream>(
      stream_end{begin.at + what.after, planned_end{ending::reset, ending::reset}});
}

}  // namespace gauntlet::fault
