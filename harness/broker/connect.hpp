#pragma once

// CONNECT and CONNACK (MQTT 5.0 §3.1, §3.2): who may come in, as whom, and what is agreed.

#include "harness/broker/state.hpp"
#include "harness/mqtt/packets.hpp"

namespace gauntlet::broker {

/// Accepts or refuses. Afterwards the connection is connected or closed.
void handle_connect(broker_state& broker, connection& from, const mqtt::connect& packet);

}  // namespace gauntlet::broker
