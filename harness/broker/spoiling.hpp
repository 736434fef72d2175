#pragma once

// How a packet on its way to a client is spoiled. For the defects of faulty_output alone.

#include <cstdint>
#include <string_view>

#include "harness/base/bytes.hpp"
#include "harness/mqtt/property.hpp"
#include "harness/mqtt/protocol.hpp"
#include "harness/mqtt/raw_packet.hpp"

namespace gauntlet::broker::spoiling {

/// The packet to be sent, and what else goes out with it.
struct spoiled {
  mqtt::raw_packet packet;
  mqtt::protocol_version version;
  byte_buffer before{};
  byte_buffer after{};
};

/// Changes what is sent.
using spoil = void (*)(spoiled& sent);

/// Turns the bits of the fixed header's flags.
template <unsigned Flags>
void reverse_flags(spoiled& sent) {
  sent.packet.first_byte = static_cast<std::uint8_t>(sent.packet.first_byte ^ Flags);
}

template <mqtt::packet_type Type>
void change_type(spoiled& sent) {
  sent.packet.first_byte = mqtt::first_byte_of(Type);
}

/// Sends an empty packet with this first byte before, or after.
template <unsigned FirstByte>
void send_before(spoiled& sent) {
  sent.before = {FirstByte, 0x00};
}
template <unsigned FirstByte>
void send_after(spoiled& sent) {
  sent.after = {FirstByte, 0x00};
}
void send_twice(spoiled& sent);
void send_auth(spoiled& sent);

/// Bytes of zero at the end.
template <unsigned Count>
void append_bytes(spoiled& sent) {
  for (unsigned i = 0; i < Count; ++i) sent.packet.body.byte(0);
}
void drop_last_byte(spoiled& sent);
/// Puts a code that is none in place of the last byte.
void change_last_byte(spoiled& sent);
template <unsigned Size>
void truncate(spoiled& sent) {
  sent.packet.body.truncate(Size);
}
template <unsigned Offset, unsigned Bits>
void set_bits(spoiled& sent) {
  sent.packet.body.set(Offset, static_cast<std::uint8_t>(sent.packet.body.bytes()[Offset] | Bits));
}
void lengthen_remaining_length(spoiled& sent);
void lengthen_property_length(spoiled& sent);

/// In CONNACK, only if it refuses.
void claim_session_if_refused(spoiled& sent);
void change_code_if_refused(spoiled& sent);

/// Puts a Reason Code that is none where the packet has its own, which may have been left out.
void change_code_at(spoiled& sent, std::size_t offset);
template <unsigned Offset>
void change_code(spoiled& sent) {
  change_code_at(sent, Offset);
}

/// Leaves out the properties and their length.
void remove_properties(spoiled& sent);
void add_property(spoiled& sent, const mqtt::property& added);
/// In place of any that is there already.
void set_property(spoiled& sent, const mqtt::property& only);
/// Adds it until it is there twice.
void give_twice(spoiled& sent, const mqtt::property& repeated);
void add_undefined_property(spoiled& sent);

// Of PUBLISH.
void change_topic(spoiled& sent, std::string_view topic);
void insert_zeros_behind_topic(spoiled& sent, std::size_t count);
template <unsigned Count>
void insert_behind_topic(spoiled& sent) {
  insert_zeros_behind_topic(sent, Count);
}
void insert_identifier_at_qos0(spoiled& sent);

}  // namespace gauntlet::broker::spoiling
