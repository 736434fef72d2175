#pragma once

// The parts of a scenario's time: warm-up, steady, spike and the like, each with its own load.

#include <string>

#include "harness/base/event_loop.hpp"
#include "harness/config/diagnostic.hpp"

namespace gauntlet::sim {

/// How fast schedules run: 1 is as they are written, 5 five times as fast, 0 not at all.
struct load_range {
  double from = 1;
  double to = 1;  ///< reached at the end, linearly
};

/// One part of a scenario's time.
struct stage {
  std::string name;
  duration length{};
  load_range load;
  config::place where;
};

}  // namespace gauntlet::sim
