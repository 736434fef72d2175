#pragma once

// Messages from the broker to one client: the in-flight window and the queue behind it, the QoS 1
// and 2 handshakes of the sender's side (MQTT 5.0 §4.3, §4.9), and what is sent again on a new
// connection (§4.4).
//
//   deliver --> window open? --yes--> PUBLISH, in_flight --PUBACK / PUBCOMP--> done
//                    |no                                          |
//                    +--> queued (bounded) <----- pump -----------+

#include <cstdint>
#include <span>

#include "harness/broker/message.hpp"
#include "harness/broker/state.hpp"
#include "harness/mqtt/reason_code.hpp"

namespace gauntlet::broker {

/// How a message is to reach one client.
struct delivery_terms {
  mqtt::qos qos = mqtt::qos::at_most_once;
  bool retain = false;
  std::span<const std::uint32_t> subscription_identifiers;
  std::uint32_t group = 0;  ///< number of the shared subscription that it is for; 0 for none
};

/// Takes over the delivery of a message to a session: sends it now, or keeps it for later.
void deliver(broker_state& broker, session& to, lazy_message& message, const delivery_terms& terms);

/// The connection is gone, the session lives on: QoS 0 messages are no part of it (§4.1).
void drop_qos0_deliveries(broker_state& broker, session& of);

/// Sends from the queue as much as window and output permit.
void pump(broker_state& broker, session& to);

/// On a new connection: sends again what is unacknowledged, then goes on with the queue.
void resume_deliveries(broker_state& broker, session& to);

/// The receiver's answers.
void handle_puback(broker_state& broker, connection& from, std::uint16_t packet_identifier);
void handle_pubrec(broker_state& broker, connection& from, std::uint16_t packet_identifier,
                   mqtt::reason_code reason);
void handle_pubcomp(broker_state& broker, connection& from, std::uint16_t packet_identifier);

/// A delivery in flight is over: frees its Packet Identifier and send quota, and goes on.
void complete_delivery(broker_state& broker, session& to, std::size_t index);

/// Ends the wait of a delivery that the defect reorder-deliveries keeps back.
void release_held_delivery(broker_state& broker, session& to);

}  // namespace gauntlet::broker
