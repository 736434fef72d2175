#pragma once

// From bytes to packets and back, for both versions. No state, no I/O. Decoding is strict: whatever
// the standard forbids within one packet is an error. What depends on other packets (aliases,
// identifiers in use, limits agreed on, the order of packets) is not looked at here.

#include "harness/base/bytes.hpp"
#include "harness/base/result.hpp"
#include "harness/mqtt/codec_error.hpp"
#include "harness/mqtt/packets.hpp"
#include "harness/mqtt/protocol.hpp"

namespace gauntlet::mqtt {

/// A packet, or the rule that the bytes break.
using decode_result = boost::system::result<packet, decode_error>;
/// Nothing, or why the packet cannot be written.
using encode_result = boost::system::result<void, encode_error>;

/// Decodes one whole packet: `whole_packet` starts at the fixed header and ends where the packet
/// ends (frame_reader cuts a stream so). `version` is that of the connection; CONNECT brings its
/// own, and a CONNECT of a version other than 3.1.1 and 5.0 is an error with Reason Code
/// unsupported_protocol_version. `from` is who sent it: a type, property or Reason Code that this
/// end may not send is an error.
decode_result decode(byte_view whole_packet, protocol_version version, sender from);

/// Appends the packet to `out`; on error `out` is as before. Refuses only what has no
/// representation: a string or binary field above field_size_max, a packet above
/// remaining_length_max, a bit field too small for its value, a property value of the wrong data
/// type, a field that 3.1.1 does not have (packets.hpp). What is merely illegal is written, for
/// tests that need it. CONNECT is written in the version that it names; `version` is then not
/// looked at.
encode_result encode(const packet& source, protocol_version version, byte_buffer& out);
encode_result encode(const connect& source, protocol_version version, byte_buffer& out);
encode_result encode(const connack& source, protocol_version version, byte_buffer& out);
encode_result encode(const publish& source, protocol_version version, byte_buffer& out);
encode_result encode(const puback& source, protocol_version version, byte_buffer& out);
encode_result encode(const pubrec& source, protocol_version version, byte_buffer& out);
encode_result encode(const pubrel& source, protocol_version version, byte_buffer& out);
encode_result encode(const pubcomp& source, protocol_version version, byte_buffer& out);
encode_result encode(const subscribe& source, protocol_version version, byte_buffer& out);
encode_result encode(const suback& source, protocol_version version, byte_buffer& out);
encode_result encode(const unsubscribe& source, protocol_version version, byte_buffer& out);
encode_result encode(const unsuback& source, protocol_version version, byte_buffer& out);
encode_result encode(const pingreq& source, protocol_version version, byte_buffer& out);
encode_result encode(const pingresp& source, protocol_version version, byte_buffer& out);
encode_result encode(const disconnect& source, protocol_version version, byte_buffer& out);
encode_result encode(const auth& source, protocol_version version, byte_buffer& out);

/// Appends the properties without their Property Length, as publish_view::properties wants them.
encode_result encode_properties(const property_list& properties, byte_buffer& out);
/// The same for one borrowed property, without an allocation beyond that of `out`.
encode_result encode_property(const property_view& item, byte_buffer& out);

}  // namespace gauntlet::mqtt
