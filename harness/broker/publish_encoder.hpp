#pragma once

// A PUBLISH from the broker to one client (MQTT 5.0 §3.3): which flags, which properties, how
// large.

#include <span>

#include "harness/broker/state.hpp"

namespace gauntlet::broker {

/// What differs between the copies of a message.
struct publish_header {
  mqtt::qos qos = mqtt::qos::at_most_once;
  bool retain = false;
  bool dup = false;
  std::uint16_t packet_identifier = 0;
  std::span<const std::uint32_t> subscription_identifiers;
};

/// Appends the PUBLISH to the connection's output. Answers false, and appends nothing, if the
/// packet would be larger than the client takes: then its delivery counts as complete
/// [MQTT-3.1.2-25]. `shared_serial` is not 0 if copies of the very same message are being sent one
/// after the other; it is then encoded once only.
bool send_publish(broker_state& broker, connection& to, const message_view& message,
                  const publish_header& header, std::uint64_t shared_serial = 0);

}  // namespace gauntlet::broker
