#pragma once

// The time spans of a scenario.

#include "harness/base/event_loop.hpp"
#include "harness/config/reader.hpp"
#include "sim/scenario/limits.hpp"

namespace gauntlet::sim {

/// Any that a scenario can last, none included.
inline config::reader<duration> any_time() {
  return config::time_span(duration::zero(), scenario_time_max);
}

}  // namespace gauntlet::sim
