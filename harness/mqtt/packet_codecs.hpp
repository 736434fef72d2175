#pragma once

// The decoders of the single packets, each behind the fixed header; codec.cpp chooses among them.
// Their encoders are the overloads of encode() in codec.hpp.

#include <string_view>

#include "harness/mqtt/fixed_header.hpp"
#include "harness/mqtt/packets.hpp"
#include "harness/mqtt/publish_view.hpp"
#include "harness/mqtt/wire_reader.hpp"

namespace gauntlet::mqtt {

connect read_connect(wire_reader& reader, const fixed_header& header, sender from);
connack read_connack(wire_reader& reader, sender from);
publish_view read_publish(wire_reader& reader, const fixed_header& header, sender from) noexcept;
puback read_puback(wire_reader& reader, sender from);
pubrec read_pubrec(wire_reader& reader, sender from);
pubrel read_pubrel(wire_reader& reader, sender from);
pubcomp read_pubcomp(wire_reader& reader, sender from);
subscribe read_subscribe(wire_reader& reader, sender from);
suback read_suback(wire_reader& reader, sender from);
unsubscribe read_unsubscribe(wire_reader& reader, sender from);
unsuback read_unsuback(wire_reader& reader, sender from);
disconnect read_disconnect(wire_reader& reader, sender from);
auth read_auth(wire_reader& reader, sender from);

/// Reads a Reason Code that `from` may put into this packet.
reason_code read_reason_code(wire_reader& reader, packet_type type, sender from) noexcept;

/// Reads Reason Codes to the end of the packet, at least one.
std::vector<reason_code> read_reason_codes(wire_reader& reader, packet_type type, sender from);

}  // namespace gauntlet::mqtt
