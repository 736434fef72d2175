// PUBACK, PUBREC, PUBREL and PUBCOMP, which have one form: MQTT 5.0 §3.4 to §3.7.

#include "harness/mqtt/codec.hpp"
#include "harness/mqtt/packet_codecs.hpp"
#include "harness/mqtt/property_codec.hpp"

namespace gauntlet::mqtt {

namespace {

constexpr rule identifier_of_publish =
    rules::identifier_not_zero.at({"2.2.1", "MQTT-2.2.1-5"}, {"2.3.1", "MQTT-2.3.1-6"});

/// Reason Code and properties may be left out from the end: 2 bytes mean success, 3 bytes mean no
/// properties. MQTT 5.0 §3.4.2.1, §3.4.2.2.1
template <class Packet>
Packet read(wire_reader& reader, packet_type type, sender from) {
  Packet decoded;
  decoded.packet_identifier = reader.packet_identifier(identifier_of_publish);
  if (reader.is_v5()) {
    if (reader.more()) decoded.reason_code = read_reason_code(reader, type, from);
    if (reader.more()) decoded.properties = read_properties(reader, place_of(type), from);
  }
  reader.finish(packet_type_name(type));
  return decoded;
}

template <class Packet>
encode_result write(const Packet& source, std::uint8_t first_byte, protocol_version version,
                    byte_buffer& out) {
  wire_writer writer(out, version);
  const bool success = source.reason_code == reason_code::success;
  writer.need_v5(success, "Reason Code");
  writer.need_v5(source.properties.empty(), "properties");
  writer.byte(first_byte);
  const std::size_t mark = writer.open_length();
  writer.two_byte_integer(source.packet_identifier);
  if (!success || !source.properties.empty()) {
    writer.byte(static_cast<std::uint8_t>(source.reason_code));
  }
  if (!source.properties.empty()) write_properties(writer, source.properties);
  writer.close_length(mark, packet_type_name(packet_type_of(first_byte)));
  return writer.finish();
}

}  // namespace

puback read_puback(wire_reader& reader, sender from) {
  return read<puback>(reader, packet_type::puback, from);
}
pubrec read_pubrec(wire_reader& reader, sender from) {
  return read<pubrec>(reader, packet_type::pubrec, from);
}
pubrel read_pubrel(wire_reader& reader, sender from) {
  return read<pubrel>(reader, packet_type::pubrel, from);
}
pubcomp read_pubcomp(wire_reader& reader, sender from) {
  return read<pubcomp>(reader, packet_type::pubcomp, from);
}

encode_result encode(const puback& source, protocol_version version, byte_buffer& out) {
  return write(source, 0x40, version, out);
}
encode_result encode(const pubrec& source, protocol_version version, byte_buffer& out) {
  return write(source, 0x50, version, out);
}
encode_result encode(const pubrel& source, protocol_version version, byte_buffer& out) {
  return write(source, 0x62, version, out);
}
encode_result encode(const pubcomp& source, protocol_version version, byte_buffer& out) {
  return write(source, 0x70, version, out);
}

}  // namespace gauntlet::mqtt
