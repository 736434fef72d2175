#pragma once

// Sending clients to another server (MQTT 5.0 §4.11).

#include "harness/broker/state.hpp"
#include "harness/mqtt/packets.hpp"

namespace gauntlet::broker {

/// Refuses or ends the connection with 0x9C or 0x9D if clients are to go elsewhere at this time.
/// Answers whether they are.
bool redirect(broker_state& broker, connection& peer, redirection_time now);

/// Adds the Server Reference to the properties of a CONNACK or DISCONNECT that redirects.
void add_server_reference(const broker_state& broker, mqtt::reason_code reason,
                          mqtt::property_list& properties);

}  // namespace gauntlet::broker
