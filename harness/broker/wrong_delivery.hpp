#pragma once

// What defects do to deliveries: to what is sent for the first time, to the handling of the
// receiver's answers, and to what is resumed on a new connection (MQTT 5.0 §4.3 to §4.6, §4.9).
// Called only while a defect is on.

#include <cstdint>

#include "harness/broker/state.hpp"
#include "harness/mqtt/reason_code.hpp"

namespace gauntlet::broker {

/// Whether a defect drops a delivery before it begins.
bool loses_delivery(broker_state& broker, const session& to, mqtt::qos qos);

/// The Packet Identifier for a new delivery.
std::uint16_t choose_identifier_wrongly(broker_state& broker, const outbound_state& out,
                                        std::uint16_t right);

/// Handles an answer of the receiver as a defect has it; `index` is that of the delivery in flight,
/// or how many there are if none has the identifier. Answer false if it is still to be handled.
bool handle_puback_wrongly(broker_state& broker, connection& from, std::uint16_t packet_identifier,
                           std::size_t index);
bool handle_pubrec_wrongly(broker_state& broker, connection& from, std::uint16_t packet_identifier,
                           std::size_t index, mqtt::reason_code reason);
bool handle_pubcomp_wrongly(broker_state& broker, connection& from, std::size_t index);

/// A PUBACK with an error: answers false if it is to be handled like any other.
bool handle_refusing_puback_wrongly(broker_state& broker, connection& from,
                                    std::uint16_t packet_identifier);

/// Alters what a session holds when it is resumed, before anything is sent.
void alter_resumed_session(broker_state& broker, session& resumed);

/// Whether a defect sends the PUBREL of a resumed session wrong, or not at all.
bool resume_pubrel_wrongly(broker_state& broker, delivery& unfinished);

/// Sends unacknowledged messages again although the connection is open.
void redeliver_on_open_connection(broker_state& broker, session& to);

}  // namespace gauntlet::broker
