#pragma once

// Messages from clients: what is taken over, and the QoS 1 and 2 handshakes of the receiver's side
// (MQTT 5.0 §3.3.4, §4.3).

#include "harness/broker/state.hpp"

namespace gauntlet::broker {

/// A whole PUBLISH, not decoded yet.
void handle_publish(broker_state& broker, connection& from, byte_view packet);

/// The publisher releases a QoS 2 message.
void handle_pubrel(broker_state& broker, connection& from, std::uint16_t packet_identifier);

}  // namespace gauntlet::broker
