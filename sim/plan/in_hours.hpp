#pragma once

// The unit of what changes slowly: drift and charge. Private to sim/plan.

#include <chrono>
#include <ratio>

#include "harness/base/event_loop.hpp"

namespace gauntlet::sim {

/// A time as a number of hours.
constexpr double in_hours(duration time) {
  return std::chrono::duration<double, std::ratio<3600>>(time).count();
}

}  // namespace gauntlet::sim
