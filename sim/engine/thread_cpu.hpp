#pragma once

// The processor time of one worker, which may share its process with an embedded broker.

#include "harness/base/event_loop.hpp"

namespace gauntlet::sim {

/// User and system time of the calling thread since it began.
duration read_thread_cpu();

}  // namespace gauntlet::sim
