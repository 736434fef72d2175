#pragma once

// Wills (MQTT 5.0 §3.1.2.5, §3.1.3.2; 3.1.1 §3.1.2.5): what a connection leaves to be published
// when it ends.

#include "harness/broker/state.hpp"
#include "harness/mqtt/packets.hpp"

namespace gauntlet::broker {

/// Stores the will of a new connection, or forgets an earlier one if it has none [MQTT-3.1.2-7].
/// One that still waits for its delay is not sent any more [MQTT-3.1.3-9].
void set_will(broker_state& broker, session& of, const mqtt::connect& packet);

/// Forgets the will: the client sent DISCONNECT with 0x00 [MQTT-3.1.2-10, MQTT-3.14.4-3].
void discard_will(broker_state& broker, session& of);

/// The connection is gone: publishes the will, or waits for its delay [MQTT-3.1.2-8].
void start_will(broker_state& broker, session& of);

/// Publishes the will if there is one; the delay or the session is over.
void publish_will(broker_state& broker, session& of);

/// Forgets the will without publishing it.
void drop_will(broker_state& broker, session& of);

/// Publishes the will of a CONNECT as if its connection had been accepted and lost: only for the
/// defect publish-will-of-refused-connect.
void publish_will_of(broker_state& broker, const mqtt::connect& packet);

}  // namespace gauntlet::broker
