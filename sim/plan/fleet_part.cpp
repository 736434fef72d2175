#include "sim/plan/fleet_part.hpp"

namespace gauntlet::sim {

std::uint32_t devices_of(const device_group& group, fleet_part part) {
  return group.count / part.count + (group.count % part.count > part.index ? 1 : 0);
}

std::uint32_t devices_of(const fleet_plan& plan, fleet_part part) {
  std::uint32_t sum = 0;
  for (const device_group& group : plan.described().fleet) sum += devices_of(group, part);
  return sum;
}

std::uint32_t streams_of(const fleet_plan& plan, fleet_part part) {
  std::uint32_t sum = 0;
  for (const device_group& group : plan.described().fleet) {
    sum += devices_of(group, part) * static_cast<std::uint32_t>(group.publish.size());
  }
  return sum;
}

}  // namespace gauntlet::sim
