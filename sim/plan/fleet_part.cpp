#include "sim/plan/fleet_part.hpp"

namespace gauntlet::sim {
namespace {

// Indices 0 to `devices` - 1 that belong to the part.
std::uint32_t share_of(std::uint32_t devices, fleet_part part) {
  return devices / part.count + (devices % part.count > part.index ? 1 : 0);
}

}  // namespace

std::uint32_t devices_of(const fleet_plan& plan, fleet_part part) {
  std::uint32_t sum = 0;
  for (const device_group& group : plan.described().fleet) sum += share_of(group.count, part);
  return sum;
}

std::uint32_t streams_of(const fleet_plan& plan, fleet_part part) {
  std::uint32_t sum = 0;
  for (const device_group& group : plan.described().fleet) {
    sum += share_of(group.count, part) * static_cast<std::uint32_t>(group.publish.size());
  }
  return sum;
}

}  // namespace gauntlet::sim
