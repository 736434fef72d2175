#pragma once

// Bytes on their way to clients. Packets are collected for each connection and handed to its
// carrier once a turn, so that many packets cost one system call; and no packet goes out that is
// larger than the client takes.

#include "harness/broker/state.hpp"
#include "harness/mqtt/codec.hpp"
#include "harness/mqtt/publish_view.hpp"

namespace gauntlet::broker {

/// Where to append bytes for the peer; sent at the end of the turn.
byte_buffer& output_of(broker_state& broker, connection& to);

/// Appends a packet. Answers false, and appends nothing, if it is larger than the client's Maximum
/// Packet Size [MQTT-3.1.2-24].
bool send_packet(broker_state& broker, connection& to, const mqtt::packet& packet);

/// Appends PUBACK, PUBREC, PUBREL or PUBCOMP; 3.1.1 knows no reason code, there it is left out.
void send_acknowledgement(broker_state& broker, connection& to, mqtt::packet_type type,
                          std::uint16_t packet_identifier,
                          mqtt::reason_code reason = mqtt::reason_code::success);

/// Whether as much as output_bytes_max waits already, so that messages had better wait in the
/// queue.
bool output_is_full(const broker_state& broker, const connection& to);

/// Hands over what was collected for one connection, when what it follows from is in the store; a
/// `farewell`, which acknowledges nothing, need not wait for that. Pauses reading from a peer that
/// makes us answer but takes no answers.
void flush_connection(broker_state& broker, connection& to, bool farewell = false);

}  // namespace gauntlet::broker
