#pragma once

// Who gets a message, and on which terms, where a defect is on (MQTT 5.0 §3.3.4, §4.8.2). Called
// only while a defect is on.

#include "harness/broker/delivery_outbound.hpp"
#include "harness/broker/state.hpp"

namespace gauntlet::broker {

/// Whether a defect keeps the message of this publisher from a subscription that matches.
bool withholds(broker_state& broker, const subscription& matching, const session* publisher);

/// Alters who gets the message in hand: the targets of broker.routing_scratch.
void alter_targets(broker_state& broker, const message_view& message);

/// Alters how a target gets it.
void alter_terms(defect_set& defects, const message_view& message, const routing_target& target,
                 delivery_terms& terms);

}  // namespace gauntlet::broker
