// PUBLISH: MQTT 5.0 §3.3, MQTT 3.1.1 §3.3.

#include <cstring>

#include "harness/mqtt/codec.hpp"
#include "harness/mqtt/packet_codecs.hpp"
#include "harness/mqtt/property_codec.hpp"
#include "harness/mqtt/publish_view.hpp"

namespace gauntlet::mqtt {

namespace {

// Fixed header flags. MQTT 5.0 §3.3.1
constexpr std::uint8_t dup_flag = 0x08;
constexpr unsigned qos_shift = 1;
constexpr std::uint8_t qos_mask = 0x03;
constexpr std::uint8_t retain_flag = 0x01;

constexpr rule no_wildcard =
    rules::topic_wildcard.at({"3.3.2.1", "MQTT-3.3.2-2"}, {"3.3.2.1", "MQTT-3.3.2-2"});
constexpr rule server_identifier =
    rules::identifier_not_zero.at({"2.2.1", "MQTT-2.2.1-4"}, {"2.3.1", "MQTT-2.3.1-1"});

/// Everything behind the fixed header.
std::size_t remaining_length(const publish_view& view, protocol_version version) noexcept {
  std::size_t size = 2 + view.topic_name.size() + view.payload.size();
  if (view.qos != qos::at_most_once) size += 2;
  if (version == protocol_version::v5) {
    size += variable_byte_integer_size(view.properties.size()) + view.properties.size();
  }
  return size;
}

std::uint8_t first_byte(const publish_view& view) noexcept {
  return static_cast<std::uint8_t>(0x30U | (view.dup ? dup_flag : 0U) |
                                   (static_cast<unsigned>(view.qos) << qos_shift) |
                                   (view.retain ? retain_flag : 0U));
}

std::uint8_t* put(std::uint8_t* to, const void* from, std::size_t size) noexcept {
  if (size != 0) std::memcpy(to, from, size);
  return to + size;
}

std::uint8_t* put_two_bytes(std::uint8_t* to, std::size_t value) noexcept {
  *to++ = static_cast<std::uint8_t>(value >> 8);
  *to++ = static_cast<std::uint8_t>(value);
  return to;
}

/// Why the view has no representation, if so.
encode_result check(const publish_view& view, protocol_version version, std::size_t remaining) {
  const auto refuse = [&](const limit& broken, std::string_view subject) {
    return encode_error{.rule = broken.says,
                        .section = version == protocol_version::v5 ? broken.v5 : broken.v3_1_1,
                        .subject = subject,
                        .version = version};
  };
  if (view.topic_name.size() > field_size_max) return refuse(limits::field_size, "Topic Name");
  if (static_cast<std::uint8_t>(view.qos) > qos_mask) return refuse(limits::bits, "QoS");
  if (version != protocol_version::v5 && !view.properties.empty()) {
    return refuse(limits::not_in_3_1_1, "properties");
  }
  if (remaining > remaining_length_max) return refuse(limits::packet_size, "PUBLISH");
  return {};
}

}  // namespace

publish_view read_publish(wire_reader& reader, const fixed_header& header, sender from) noexcept {
  publish_view view;
  view.dup = (header.flags & dup_flag) != 0;
  view.retain = (header.flags & retain_flag) != 0;
  view.qos = static_cast<qos>((header.flags >> qos_shift) & qos_mask);
  const bool has_identifier = view.qos != qos::at_most_once;
  if (static_cast<std::uint8_t>(view.qos) == 3) reader.fail(rules::publish_qos_range, 0, "QoS");
  if (view.dup && !has_identifier) reader.fail(rules::dup_needs_qos, 0, "DUP");

  const std::size_t topic_offset = reader.offset();
  view.topic_name = reader.topic_name("Topic Name", no_wildcard);
  if (has_identifier) {
    view.packet_identifier = from == sender::client ? reader.packet_identifier()
                                                    : reader.packet_identifier(server_identifier);
  }
  if (reader.is_v5()) {
    view.properties = read_property_bytes(reader, property_place::publish, from);
    if (view.topic_name.empty() && !find_property<property_id::topic_alias>(view.properties)) {
      reader.fail(rules::topic_or_alias, topic_offset, "Topic Name");
    }
  } else if (view.topic_name.empty()) {
    reader.fail(rules::topic_not_empty, topic_offset, "Topic Name");
  }
  view.payload = reader.rest();
  return view;
}

boost::system::result<publish_view, decode_error> decode_publish(byte_view whole_packet,
                                                                 protocol_version version,
                                                                 sender from) noexcept {
  wire_reader reader(whole_packet, 0, version);
  const fixed_header header = read_fixed_header(reader, from);
  if (reader.ok() && header.type != packet_type::publish) {
    reader.fail(rules::publish_expected, 0, packet_type_name(header.type));
  }
  const publish_view view = read_publish(reader, header, from);
  if (!reader.ok()) return reader.error();
  return view;
}

encode_result encode_publish(const publish_view& view, protocol_version version, byte_buffer& out) {
  const std::size_t remaining = remaining_length(view, version);
  if (auto checked = check(view, version, remaining); !checked) return checked;

  const std::size_t start = out.size();
  out.resize(start + 1 + variable_byte_integer_size(remaining) + remaining);
  std::uint8_t* to = out.data() + start;
  *to++ = first_byte(view);
  to = put_variable_byte_integer(to, remaining);
  to = put_two_bytes(to, view.topic_name.size());
  to = put(to, view.topic_name.data(), view.topic_name.size());
  if (view.qos != qos::at_most_once) to = put_two_bytes(to, view.packet_identifier);
  if (version == protocol_version::v5) {
    to = put_variable_byte_integer(to, view.properties.size());
    to = put(to, view.properties.data(), view.properties.size());
  }
  put(to, view.payload.data(), view.payload.size());
  return {};
}

std::size_t encoded_size(const publish_view& view, protocol_version version) noexcept {
  const std::size_t remaining = remaining_length(view, version);
  return 1 + variable_byte_integer_size(remaining) + remaining;
}

encode_result encode(const publish& source, protocol_version version, byte_buffer& out) {
  byte_buffer properties;
  if (auto encoded = encode_properties(source.properties, properties); !encoded) return encoded;
  return encode_publish({.dup = source.dup,
                         .qos = source.qos,
                         .retain = source.retain,
                         .packet_identifier = source.packet_identifier,
                         .topic_name = source.topic_name,
                         .properties = properties,
                         .payload = source.payload},
                        version, out);
}

publish to_publish(const publish_view& view) {
  return {.dup = view.dup,
          .qos = view.qos,
          .retain = view.retain,
          .topic_name = std::string(view.topic_name),
          .packet_identifier = view.packet_identifier,
          .properties = to_property_list(view.properties),
          .payload = byte_buffer(view.payload.begin(), view.payload.end())};
}

}  // namespace gauntlet::mqtt
