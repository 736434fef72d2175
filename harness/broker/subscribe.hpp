#pragma once

// SUBSCRIBE and UNSUBSCRIBE (MQTT 5.0 §3.8 to §3.11; 3.1.1 §3.8 to §3.11).

#include "harness/broker/state.hpp"
#include "harness/mqtt/packets.hpp"

namespace gauntlet::broker {

/// Adds or replaces the subscriptions, answers with SUBACK, and sends the retained messages.
void handle_subscribe(broker_state& broker, connection& from, const mqtt::subscribe& packet);
/// Removes the subscriptions and answers with UNSUBACK.
void handle_unsubscribe(broker_state& broker, connection& from, const mqtt::unsubscribe& packet);

}  // namespace gauntlet::broker
