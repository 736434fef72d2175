#pragma once

// How much a device lets be under way in either direction, and what it says about itself in
// CONNECT.

#include <cstdint>
#include <optional>

#include "sim/scenario/message_properties.hpp"

namespace gauntlet::sim {

/// Of each device of a group. All but `in_flight` are properties of CONNECT: MQTT 5.0 §3.1.2.11
struct session_settings {
  /// Messages of QoS 1 and 2 that a device has under way at most, whatever the broker would take.
  std::uint32_t in_flight = 1'024;
  std::optional<std::uint16_t> receive_maximum;
  std::optional<std::uint32_t> maximum_packet_size;  ///< bytes
  std::optional<std::uint16_t> topic_alias_maximum;  ///< of aliases that the broker may use
  user_property_list user_properties;
};

}  // namespace gauntlet::sim
