#include "harness/fault/dead_stream.hpp"

namespace gauntlet::fault {

std::unique_ptr<stream_fault> start(const timeout& what, const stream_start& begin) {
  if (what.after == duration::zero()) return std::make_unique<dead_stream>(std::nullopt);
  return std::make_unique<dead_stream>(
      stream_end{begin.at + what.after, planned_end{ending::fin, ending::fin}});
}

}  // namespace gauntlet::fault
