#pragma once

// What this process has used of the machine: the generator's own cost, so that a report can say
// whether the tool or the broker was the limit.

#include <cstdint>

#include "harness/base/event_loop.hpp"

namespace gauntlet::sim {

/// Figures of the calling process at this moment.
struct process_usage {
  duration cpu{};                    ///< user and system time of all its threads
  std::uint64_t resident_bytes = 0;  ///< resident set size
};

/// CPU from getrusage, memory from /proc/self/statm (0 where that cannot be read).
process_usage read_process_usage();

/// CPU time of the calling thread alone: of a worker that shares its process with an embedded
/// broker.
duration read_thread_cpu();

}  // namespace gauntlet::sim
