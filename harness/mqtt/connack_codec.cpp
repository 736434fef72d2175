// CONNACK: MQTT 5.0 §3.2, MQTT 3.1.1 §3.2.

#include "harness/mqtt/codec.hpp"
#include "harness/mqtt/packet_codecs.hpp"
#include "harness/mqtt/property_codec.hpp"

namespace gauntlet::mqtt {

namespace {

reason_code read_return_code(wire_reader& reader) noexcept {
  const std::size_t offset = reader.offset();
  const auto code = static_cast<connect_return_code>(reader.byte("Connect Return code"));
  if (code > connect_return_code::not_authorized) {
    reader.fail(rules::return_code_defined, offset, "Connect Return code");
  }
  return reason_code_of(code);
}

}  // namespace

connack read_connack(wire_reader& reader, sender from) {
  connack decoded;
  const std::size_t flags_offset = reader.offset();
  const std::uint8_t flags = reader.byte("Connect Acknowledge Flags");
  if ((flags & 0xFEU) != 0) {
    reader.fail(rules::acknowledge_flags_reserved, flags_offset, "Connect Acknowledge Flags");
  }
  decoded.session_present = (flags & 0x01U) != 0;
  decoded.reason_code = reader.is_v5() ? read_reason_code(reader, packet_type::connack, from)
                                       : read_return_code(reader);
  if (decoded.session_present && decoded.reason_code != reason_code::success) {
    reader.fail(rules::no_session_if_refused, flags_offset, "Session Present");
  }
  decoded.properties = read_properties(reader, property_place::connack, from);
  reader.finish("CONNACK");
  return decoded;
}

encode_result encode(const connack& source, protocol_version version, byte_buffer& out) {
  wire_writer writer(out, version);
  writer.byte(0x20);
  const std::size_t mark = writer.open_length();
  writer.byte(source.session_present ? 1 : 0);
  if (writer.is_v5()) {
    writer.byte(static_cast<std::uint8_t>(source.reason_code));
  } else {
    const auto code = connect_return_code_of(source.reason_code);
    if (!code) writer.refuse(limits::return_code, "Connect Return code");
    writer.byte(static_cast<std::uint8_t>(code.value_or(connect_return_code::accepted)));
  }
  write_properties(writer, source.properties);
  writer.close_length(mark, "CONNACK");
  return writer.finish();
}

}  // namespace gauntlet::mqtt
