#pragma once

// What befalls many devices at once.

#include <optional>
#include <string>
#include <vector>

#include "harness/base/event_loop.hpp"
#include "harness/config/diagnostic.hpp"
#include "sim/scenario/life_cycle.hpp"

namespace gauntlet::sim {

/// A part of the fleet loses its connections within a time, and comes back.
struct storm_settings {
  double share = 1;                 ///< of the devices of each group, 0 to 1
  std::vector<std::string> groups;  ///< by name; empty: all
  duration within{};                ///< the devices leave within this time
  /// And come back within this time after that; without it each tries as its `reconnect` says.
  std::optional<duration> back_within;
  departure leaves = departure::abrupt;
};

/// One entry of `disturbances`.
struct disturbance {
  duration at{};  ///< since publishing began
  storm_settings storm;
  config::place where;
};

/// Its name in results: "storm at 1m".
std::string name_of(const disturbance& what);

}  // namespace gauntlet::sim
