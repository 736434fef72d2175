// DISCONNECT and AUTH: MQTT 5.0 §3.14, §3.15.

#include "harness/mqtt/codec.hpp"
#include "harness/mqtt/packet_codecs.hpp"
#include "harness/mqtt/property_codec.hpp"

namespace gauntlet::mqtt {

namespace {

bool is_default(reason_code code, const property_list& properties) noexcept {
  return code == reason_code::success && properties.empty();
}

}  // namespace

/// Remaining Length 0 means Normal disconnection, 1 means no properties. MQTT 5.0 §3.14.2.1
disconnect read_disconnect(wire_reader& reader, sender from) {
  disconnect decoded;
  if (reader.is_v5()) {
    if (reader.more())
      decoded.reason_code = read_reason_code(reader, packet_type::disconnect, from);
    if (reader.more()) {
      decoded.properties = read_properties(reader, property_place::disconnect, from);
    }
  }
  reader.finish("DISCONNECT");
  return decoded;
}

/// Remaining Length 0 means Success (§3.15.2.1), which only a server sends. It is let through
/// although §3.15.2.2.2 asks every AUTH for an Authentication Method: the standard allows the form
/// by name.
auth read_auth(wire_reader& reader, sender from) {
  auth decoded;
  if (reader.left() == 0) {
    if (from == sender::client) {
      reader.fail(rules::code_allowed.at({"3.15.2.1", "MQTT-3.15.2-1"}), reader.offset(),
                  "Reason Code");
    }
    return decoded;
  }
  decoded.reason_code = read_reason_code(reader, packet_type::auth, from);
  const std::size_t offset = reader.offset();
  decoded.properties = read_properties(reader, property_place::auth, from);
  if (!decoded.properties.contains(property_id::authentication_method)) {
    reader.fail(rules::method_in_auth, offset, "Authentication Method");
  }
  reader.finish("AUTH");
  return decoded;
}

encode_result encode(const disconnect& source, protocol_version version, byte_buffer& out) {
  wire_writer writer(out, version);
  const bool success = source.reason_code == reason_code::normal_disconnection;
  writer.need_v5(success, "Reason Code");
  writer.need_v5(source.properties.empty(), "properties");
  writer.byte(0xE0);
  const std::size_t mark = writer.open_length();
  if (!is_default(source.reason_code, source.properties)) {
    writer.byte(static_cast<std::uint8_t>(source.reason_code));
  }
  if (!source.properties.empty()) write_properties(writer, source.properties);
  writer.close_length(mark, "DISCONNECT");
  return writer.finish();
}

encode_result encode(const auth& source, protocol_version version, byte_buffer& out) {
  wire_writer writer(out, version);
  writer.need_v5(false, "AUTH");
  writer.byte(0xF0);
  const std::size_t mark = writer.open_length();
  if (!is_default(source.reason_code, source.properties)) {
    writer.byte(static_cast<std::uint8_t>(source.reason_code));
    write_properties(writer, source.properties);
  }
  writer.close_length(mark, "AUTH");
  return writer.finish();
}

}  // namespace gauntlet::mqtt
