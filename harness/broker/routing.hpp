#pragma once

// From a message that the broker has taken over to all who subscribed (MQTT 5.0 §3.3.4, §4.5):
// which sessions, with what QoS, flags and Subscription Identifiers.

#include <cstddef>

#include "harness/broker/state.hpp"

namespace gauntlet::broker {

/// Keeps the message if it is to be retained and delivers it to every session with a matching
/// subscription [MQTT-4.5.0-1]; answers to how many. `publisher` is for No Local and may be null.
std::size_t publish_message(broker_state& broker, lazy_message& message, const session* publisher);

/// The same without keeping it, even if its RETAIN flag is set.
std::size_t route_message(broker_state& broker, lazy_message& message, const session* publisher);

}  // namespace gauntlet::broker
