#pragma once

// Single packets of a client with fields drawn from small vocabularies, so that they meet: topics
// that others subscribed to, identifiers that are in use, client identifiers that are connected.

#include "harness/base/bytes.hpp"
#include "harness/base/seeded_stream.hpp"
#include "harness/mqtt/packets.hpp"

namespace gauntlet::fuzz {

/// A CONNECT that a broker accepts, of a client identifier with the name-space token.
mqtt::connect make_connect(seeded_stream& draws, mqtt::protocol_version version);

/// Any packet that a client may send, legal in itself; CONNECT and DISCONNECT rarely.
mqtt::packet make_packet(seeded_stream& draws, mqtt::protocol_version version);

/// A property that may stand at that place; sometimes one that may not, or with a strange value.
mqtt::property make_property(seeded_stream& draws, mqtt::property_place place);

/// The packet's bytes; empty for what has no representation.
byte_buffer bytes_of(const mqtt::packet& source, mqtt::protocol_version version);

/// Breaks a packet's bytes in one of the ways that brokers have stumbled over: flags, Remaining
/// Length, lengths of fields, text, a packet cut short or with more behind it.
void spoil(byte_buffer& packet, seeded_stream& draws);

/// Writes the Remaining Length anew, so that it fits the bytes behind it.
void repair_length(byte_buffer& packet);

}  // namespace gauntlet::fuzz
