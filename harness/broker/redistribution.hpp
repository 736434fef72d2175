#pragma once

// Messages of a shared subscription whose chosen member does not finish them (MQTT 5.0 §4.8.2):
// which go to another member, and which must not.

#include "harness/broker/state.hpp"

namespace gauntlet::broker {

/// The session ends; its subscriptions are gone already. What it has not acknowledged at QoS 1 and
/// what was never sent to it goes to other members; what was sent at QoS 2 goes to nobody
/// [MQTT-4.8.2-5].
void redistribute_at_session_end(broker_state& broker, session& gone);

/// The connection is gone, the session lives on: what was never sent goes to a member that is
/// connected, if there is one. The rest waits for the client [MQTT-4.8.2-4].
void redistribute_at_disconnect(broker_state& broker, session& left);

/// The session has left this group: what was never sent goes to another member, or nowhere if it
/// was the last. What was sent is finished [MQTT-3.10.4-3].
void redistribute_at_unsubscribe(broker_state& broker, session& left, std::uint32_t group);

/// Gives a message to the next member that one has refused, as redistribute-refused-message has it.
void redistribute_refused(broker_state& broker, session& by, std::uint16_t packet_identifier);

}  // namespace gauntlet::broker
