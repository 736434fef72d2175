#pragma once

// How much one scenario may ask for.

#include <cstddef>
#include <cstdint>

#include "harness/base/event_loop.hpp"

namespace gauntlet::sim {

/// Devices of all groups together.
inline constexpr std::uint32_t fleet_size_max = 1'000'000;
/// Any time that a scenario names.
inline constexpr duration scenario_time_max = std::chrono::hours(24 * 366);

/// Expectations with `abort_on` that are narrowed to a group, stage or QoS.
inline constexpr std::size_t narrowed_live_max = 32;

}  // namespace gauntlet::sim
