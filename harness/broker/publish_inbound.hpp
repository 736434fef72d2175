#pragma once

// Messages from clients: what is taken over, and the QoS 1 and 2 handshakes of the receiver's side
// (MQTT 5.0 §3.3.4, §4.3).

#include "harness/broker/state.hpp"

namespace gauntlet::broker {

/// Whether a QoS 2 message with this Packet Identifier waits for its PUBREL, so that 5.0 answers
/// any other use of the identifier with 0x91 (MQTT 5.0 §2.2.1).
bool is_identifier_in_use(const connection& from, std::uint16_t packet_identifier);

/// A whole PUBLISH, not decoded yet.
void handle_publish(broker_state& broker, connection& from, byte_view packet);

/// The publisher releases a QoS 2 message.
void handle_pubrel(broker_state& broker, connection& from, std::uint16_t packet_identifier);

}  // namespace gauntlet::broker
