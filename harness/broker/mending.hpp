#pragma once

// What a careless broker makes of a packet that breaks a rule: the same packet without its fault.
// For the defects of tolerated_input alone.

#include "harness/base/bytes.hpp"
#include "harness/mqtt/codec_error.hpp"

namespace gauntlet::broker::mending {

/// Answers the packet to take in place of `packet`, which has `error`; nothing if it is to be
/// ignored.
using mend = byte_buffer (*)(byte_view packet, const mqtt::decode_error& error);

/// Ignores the packet.
byte_buffer ignored(byte_view packet, const mqtt::decode_error& error);

/// The offending byte with the bits of `Kept` as they are and those of `Set` set.
template <unsigned Kept, unsigned Set = 0>
byte_buffer with_bits(byte_view packet, const mqtt::decode_error& error) {
  byte_buffer mended(packet.begin(), packet.end());
  mended[error.offset] = static_cast<std::uint8_t>((mended[error.offset] & Kept) | Set);
  return mended;
}

/// The offending byte of a text becomes a question mark.
byte_buffer with_question_mark(byte_view packet, const mqtt::decode_error& error);
/// The flags of the fixed header as the standard lists them.
byte_buffer with_listed_flags(byte_view packet, const mqtt::decode_error& error);
/// The Variable Byte Integer in its shortest form.
byte_buffer with_shortest_form(byte_view packet, const mqtt::decode_error& error);
/// "MQTT" as Protocol Name.
byte_buffer with_protocol_name(byte_view packet, const mqtt::decode_error& error);
/// The nearest Protocol Version that the broker speaks.
byte_buffer with_protocol_version(byte_view packet, const mqtt::decode_error& error);
/// The packet up to the error.
byte_buffer without_rest(byte_view packet, const mqtt::decode_error& error);
/// Without the property at fault.
byte_buffer without_property(byte_view packet, const mqtt::decode_error& error);
/// Without any property in the place of the one at fault.
byte_buffer without_properties(byte_view packet, const mqtt::decode_error& error);
/// CONNECT with the User Name Flag 0 and nothing from the error on.
byte_buffer without_user_name(byte_view packet, const mqtt::decode_error& error);
/// CONNECT with the Password Flag 0 and nothing from the error on.
byte_buffer without_password(byte_view packet, const mqtt::decode_error& error);
/// CONNECT with the Will Flag 0 and nothing behind the Client Identifier.
byte_buffer without_will(byte_view packet, const mqtt::decode_error& error);

/// Whether the error is in the Will Properties of a CONNECT.
bool is_in_will_properties(byte_view packet, const mqtt::decode_error& error);

}  // namespace gauntlet::broker::mending
