#pragma once

// CONNACK (MQTT 5.0 §3.2): what the broker tells a client about itself, or why it may not come in.

#include "harness/broker/problem_information.hpp"
#include "harness/broker/state.hpp"
#include "harness/mqtt/packets.hpp"

namespace gauntlet::broker {

/// Accepts the connection. Answers false if the packet is larger than the client's Maximum Packet
/// Size.
bool send_connack(broker_state& broker, connection& to, const mqtt::connect& answered,
                  bool session_present);

/// Appends the CONNACK with which a connection is refused, where the client's version has one for
/// the reason (3.1.1 §3.2.2.3 has few); else nothing, and the close says it all.
void send_refusing_connack(broker_state& broker, connection& to, mqtt::reason_code reason,
                           const problem& explained);

}  // namespace gauntlet::broker
