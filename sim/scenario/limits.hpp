#pragma once

// How much one scenario may ask for.

#include <cstdint>

#include "harness/base/event_loop.hpp"

namespace gauntlet::sim {

/// Devices of all groups together.
inline constexpr std::uint32_t fleet_size_max = 1'000'000;
/// Any time that a scenario names.
inline constexpr duration scenario_time_max = std::chrono::hours(24 * 366);

}  // namespace gauntlet::sim
