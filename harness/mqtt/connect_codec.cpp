// CONNECT: MQTT 5.0 §3.1, MQTT 3.1.1 §3.1.

#include "harness/mqtt/codec.hpp"
#include "harness/mqtt/packet_codecs.hpp"
#include "harness/mqtt/property_codec.hpp"

namespace gauntlet::mqtt {

namespace {

// Connect Flags. MQTT 5.0 §3.1.2.3
constexpr std::uint8_t reserved_flag = 0x01;
constexpr std::uint8_t clean_start_flag = 0x02;
constexpr std::uint8_t will_flag = 0x04;
constexpr unsigned will_qos_shift = 3;
constexpr std::uint8_t will_qos_mask = 0x03;
constexpr std::uint8_t will_retain_flag = 0x20;
constexpr std::uint8_t password_flag = 0x40;
constexpr std::uint8_t user_name_flag = 0x80;

constexpr std::string_view name_of_protocol = "MQTT";

/// Reads Protocol Name and Protocol Version; from here on the reader cites that version.
void read_version(wire_reader& reader) noexcept {
  const std::size_t name_offset = reader.offset();
  const std::string_view name = as_text(reader.binary_data("Protocol Name"));
  if (reader.ok() && name != name_of_protocol) {
    return reader.fail(rules::protocol_name, name_offset, "Protocol Name");
  }
  const std::size_t level_offset = reader.offset();
  const std::uint8_t level = reader.byte("Protocol Version");
  if (!reader.ok()) return;
  if (level != static_cast<std::uint8_t>(protocol_version::v3_1_1) &&
      level != static_cast<std::uint8_t>(protocol_version::v5)) {
    return reader.fail(rules::protocol_version_known, level_offset, "Protocol Version");
  }
  reader.set_version(static_cast<protocol_version>(level));
}

std::uint8_t will_qos_of(std::uint8_t flags) noexcept {
  return static_cast<std::uint8_t>(flags >> will_qos_shift) & will_qos_mask;
}

std::uint8_t read_flags(wire_reader& reader) noexcept {
  const std::size_t offset = reader.offset();
  const std::uint8_t flags = reader.byte("Connect Flags");
  const bool has_will = (flags & will_flag) != 0;
  if ((flags & reserved_flag) != 0) {
    reader.fail(rules::connect_flag_reserved, offset, "Connect Flags");
  }
  if (has_will && will_qos_of(flags) == 3) reader.fail(rules::will_qos_range, offset, "Will QoS");
  if (!has_will && will_qos_of(flags) != 0) {
    reader.fail(rules::will_qos_needs_will, offset, "Will QoS");
  }
  if (!has_will && (flags & will_retain_flag) != 0) {
    reader.fail(rules::will_retain_needs_will, offset, "Will Retain");
  }
  if (!reader.is_v5() && (flags & password_flag) != 0 && (flags & user_name_flag) == 0) {
    reader.fail(rules::password_needs_user_name, offset, "Password Flag");
  }
  return flags;
}

will read_will(wire_reader& reader, std::uint8_t flags, sender from) {
  will message;
  message.qos = static_cast<qos>(will_qos_of(flags));
  message.retain = (flags & will_retain_flag) != 0;
  message.properties = read_properties(reader, property_place::will, from);
  const std::size_t topic_offset = reader.offset();
  message.topic_name = reader.topic_name("Will Topic", rules::topic_wildcard);
  if (reader.ok() && message.topic_name.empty()) {
    reader.fail(rules::topic_not_empty, topic_offset, "Will Topic");
  }
  const byte_view payload = reader.binary_data(reader.is_v5() ? "Will Payload" : "Will Message");
  message.payload.assign(payload.begin(), payload.end());
  return message;
}

std::uint8_t flags_of(const connect& source, wire_writer& writer) noexcept {
  unsigned flags = source.clean_start ? clean_start_flag : 0U;
  if (source.will) {
    const auto will_qos = static_cast<std::uint8_t>(source.will->qos);
    if (will_qos > will_qos_mask) writer.refuse(limits::bits, "Will QoS");
    flags |= will_flag | (static_cast<unsigned>(will_qos & will_qos_mask) << will_qos_shift);
    if (source.will->retain) flags |= will_retain_flag;
  }
  if (source.user_name) flags |= user_name_flag;
  if (source.password) flags |= password_flag;
  return static_cast<std::uint8_t>(flags);
}

}  // namespace

connect read_connect(wire_reader& reader, const fixed_header& header, sender from) {
  read_version(reader);
  if (reader.is_v5() && !header.shortest_length) {
    reader.fail(rules::shortest_length, 1, "Remaining Length");
  }
  connect decoded;
  decoded.protocol_version = reader.version();
  const std::uint8_t flags = read_flags(reader);
  decoded.clean_start = (flags & clean_start_flag) != 0;
  decoded.keep_alive_s = reader.two_byte_integer("Keep Alive");
  const std::size_t properties_offset = reader.offset();
  decoded.properties = read_properties(reader, property_place::connect, from);
  if (decoded.properties.contains(property_id::authentication_data) &&
      !decoded.properties.contains(property_id::authentication_method)) {
    reader.fail(rules::data_without_method, properties_offset, "Authentication Data");
  }
  decoded.client_id = reader.utf8_string("Client Identifier");
  if ((flags & will_flag) != 0) decoded.will = read_will(reader, flags, from);
  if ((flags & user_name_flag) != 0) decoded.user_name = reader.utf8_string("User Name");
  if ((flags & password_flag) != 0) {
    const byte_view password = reader.binary_data("Password");
    decoded.password.emplace(password.begin(), password.end());
  }
  reader.finish("CONNECT");
  return decoded;
}

encode_result encode(const connect& source, protocol_version, byte_buffer& out) {
  wire_writer writer(out, source.protocol_version);
  writer.byte(0x10);
  const std::size_t mark = writer.open_length();
  writer.utf8_string(name_of_protocol, "Protocol Name");
  writer.byte(static_cast<std::uint8_t>(source.protocol_version));
  writer.byte(flags_of(source, writer));
  writer.two_byte_integer(source.keep_alive_s);
  write_properties(writer, source.properties);
  writer.utf8_string(source.client_id, "Client Identifier");
  if (source.will) {
    write_properties(writer, source.will->properties);
    writer.utf8_string(source.will->topic_name, "Will Topic");
    writer.binary_data(source.will->payload, "Will Payload");
  }
  if (source.user_name) writer.utf8_string(*source.user_name, "User Name");
  if (source.password) writer.binary_data(*source.password, "Password");
  writer.close_length(mark, "CONNECT");
  return writer.finish();
}

}  // namespace gauntlet::mqtt
