#pragma once

// What a device is subscribed to.

#include <cstdint>
#include <optional>

#include "harness/config/diagnostic.hpp"
#include "harness/mqtt/protocol.hpp"
#include "sim/scenario/text_template.hpp"

namespace gauntlet::sim {

/// Retain Handling. MQTT 5.0 §3.8.3.1
enum class retain_handling : std::uint8_t {
  send = 0,
  send_if_new = 1,
  do_not_send = 2,
};

/// One subscription of each device of a group.
struct subscription {
  text_template filter;  ///< without "$share"
  text_template share;   ///< share name; empty: not shared. 5.0 only
  bool is_shared = false;
  mqtt::qos qos = mqtt::qos::at_most_once;
  bool no_local = false;                                         ///< 5.0 only
  bool retain_as_published = false;                              ///< 5.0 only
  sim::retain_handling retain_handling = retain_handling::send;  ///< 5.0 only
  std::optional<std::uint32_t> identifier;                       ///< 5.0 only
  config::place where;
};

}  // namespace gauntlet::sim
