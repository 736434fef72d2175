#pragma once

// What checks across a group's fields stand on: one device in the place of all, and the nodes to
// point at.

#include <string>
#include <string_view>

#include "harness/config/node.hpp"
#include "sim/scenario/device_group.hpp"

namespace gauntlet::sim {

/// Placeholders hold only letters, digits, dots, dashes and underscores, except for client_id,
/// whose literal text is the same for all devices: so one device stands for the whole group. It
/// must not outlive the group, nor be copied.
struct sample_device {
  std::string client_id;
  template_values values;  ///< the longest that a device can have

  explicit sample_device(const device_group& of);
  sample_device(const sample_device&) = delete;
  sample_device& operator=(const sample_device&) = delete;
};

/// The value of a key, to point at; the mapping itself where the key does not stand.
const config::node& at(const config::node& from, std::string_view key);

}  // namespace gauntlet::sim
