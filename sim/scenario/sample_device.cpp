#include "sim/scenario/sample_device.hpp"

#include "sim/scenario/limits.hpp"

namespace gauntlet::sim {

sample_device::sample_device(const device_group& of) {
  values.group = of.name;
  values.index = of.count - 1;
  values.device = fleet_size_max;
  values.seed = UINT64_MAX;
  client_id = of.client_id.expand(values);
  values.client_id = client_id;
}

const config::node& at(const config::node& from, std::string_view key) {
  const config::node* found = from.find(key);
  return found != nullptr ? *found : from;
}

}  // namespace gauntlet::sim
