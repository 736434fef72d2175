#pragma once

// CONNECT and CONNACK (MQTT 5.0 §3.1, §3.2): who may come in, as whom, and what is agreed.

#include "harness/broker/state.hpp"
#include "harness/mqtt/packets.hpp"

namespace gauntlet::broker {

/// Accepts or refuses, or begins an enhanced authentication.
void handle_connect(broker_state& broker, connection& from, const mqtt::connect& packet);

/// Accepts or refuses the CONNECT of a client that is known by now. Afterwards the connection is
/// connected or closed.
void admit(broker_state& broker, connection& from, const mqtt::connect& packet,
           const identity& who);

}  // namespace gauntlet::broker
