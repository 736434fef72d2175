#pragma once

// One host's part of a fleet that is run from several machines. Which devices belong to it follows
// from their index within their group, so that the devices of the same index, which publish to each
// other in scenarios of pairs, share a host and its clock.

#include <cstdint>

#include "sim/plan/fleet_plan.hpp"

namespace gauntlet::sim {

/// The devices whose index leaves `index` when divided by `count`; by default all.
struct fleet_part {
  std::uint32_t index = 0;
  std::uint32_t count = 1;

  /// More hosts than anybody has need of.
  static constexpr std::uint32_t count_max = 1000;

  bool is_whole() const { return count == 1; }
  bool has(const fleet_plan& plan, device_number device) const {
    return is_whole() || plan.position_of(device).index % count == index;
  }
  bool operator==(const fleet_part&) const = default;
};

/// How many devices of the group the part has.
std::uint32_t devices_of(const device_group& group, fleet_part part);
/// How many devices the part has, and how many streams they publish.
std::uint32_t devices_of(const fleet_plan& plan, fleet_part part);
std::uint32_t streams_of(const fleet_plan& plan, fleet_part part);

}  // namespace gauntlet::sim
