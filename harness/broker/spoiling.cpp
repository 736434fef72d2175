#include "harness/broker/spoiling.hpp"

#include <algorithm>

#include "harness/mqtt/fixed_header.hpp"
#include "harness/mqtt/property_codec.hpp"

namespace gauntlet::broker::spoiling {
namespace {

using mqtt::packet_type;
using mqtt::raw_fields;

constexpr std::uint8_t no_code = 0x7F;  // no Reason Code of any packet, nor a return code of 3.1.1

packet_type type_of(const spoiled& sent) { return mqtt::packet_type_of(sent.packet.first_byte); }

bool has_identifier(const spoiled& sent) { return (sent.packet.first_byte & 0x06U) != 0; }

std::size_t topic_end(const byte_buffer& body) {
  return 2U + (std::size_t{body[0]} << 8U) + body[1];
}

// Where the Property Length stands, if nothing has been left out.
std::size_t properties_at(const spoiled& sent) {
  switch (type_of(sent)) {
    case packet_type::publish:
      return topic_end(sent.packet.body.bytes()) + (has_identifier(sent) ? 2 : 0);
    case packet_type::connack:
    case packet_type::suback:
    case packet_type::unsuback:
      return 2;
    case packet_type::disconnect:
      return 1;
    default:
      return 3;
  }
}

// Packets may leave out Reason Code and properties: they get them as zeros.
void complete(spoiled& sent, std::size_t size) {
  while (sent.packet.body.size() < size) sent.packet.body.byte(0);
}

struct parts {
  raw_fields front;
  mqtt::property_list properties;
  raw_fields rest;
};

parts take_apart(spoiled& sent) {
  const std::size_t at = properties_at(sent);
  complete(sent, at + 1);
  const byte_view body = sent.packet.body.bytes();
  const auto length = mqtt::read_remaining_length(body.subspan(at));
  const std::size_t first = at + length.size;
  return {raw_fields(body.first(at)), mqtt::to_property_list(body.subspan(first, length.value)),
          raw_fields(body.subspan(first + length.value))};
}

void put_together(spoiled& sent, parts& with) {
  sent.packet.body = with.front.properties(with.properties).append(with.rest);
}

}  // namespace

void send_twice(spoiled& sent) { sent.after = sent.packet.bytes(); }

void send_auth(spoiled& sent) {
  sent.after =
      mqtt::raw_packet::of(mqtt::auth{.reason_code = mqtt::reason_code::continue_authentication,
                                      .properties = {mqtt::authentication_method("SCRAM-SHA-256")}},
                           mqtt::protocol_version::v5)
          .bytes();
}

void drop_last_byte(spoiled& sent) {
  sent.packet.body.truncate(std::max<std::size_t>(sent.packet.body.size(), 1) - 1);
}

void change_last_byte(spoiled& sent) {
  if (sent.packet.body.size() > 0) sent.packet.body.set(sent.packet.body.size() - 1, no_code);
}

void lengthen_remaining_length(spoiled& sent) {
  const auto size = static_cast<std::uint32_t>(sent.packet.body.size());
  sent.packet.remaining_length_bytes = raw_fields().variable_byte_integer(size, 4).bytes();
}

void lengthen_property_length(spoiled& sent) {
  const std::size_t at = properties_at(sent);
  byte_buffer body = sent.packet.body.bytes();
  if (at >= body.size() || body[at] >= 0x80) return;
  body[at] |= 0x80U;
  sent.packet.body = raw_fields(body).insert(at + 1, byte_buffer{0x00});
}

void claim_session_if_refused(spoiled& sent) {
  if (sent.packet.body.bytes()[1] != 0) sent.packet.body.set(0, 0x01);
}

void change_code_if_refused(spoiled& sent) {
  if (sent.packet.body.bytes()[1] != 0) sent.packet.body.set(1, no_code);
}

void change_code_at(spoiled& sent, std::size_t offset) {
  complete(sent, offset + 1);
  sent.packet.body.set(offset, no_code);
}

void remove_properties(spoiled& sent) {
  parts with = take_apart(sent);
  sent.packet.body = with.front.append(with.rest);
}

void add_property(spoiled& sent, const mqtt::property& added) {
  parts with = take_apart(sent);
  with.properties.add(added);
  put_together(sent, with);
}

void set_property(spoiled& sent, const mqtt::property& only) {
  parts with = take_apart(sent);
  with.properties.remove(only.id);
  with.properties.add(only);
  put_together(sent, with);
}

void give_twice(spoiled& sent, const mqtt::property& repeated) {
  parts with = take_apart(sent);
  while (with.properties.count(repeated.id) < 2) with.properties.add(repeated);
  put_together(sent, with);
}

void add_undefined_property(spoiled& sent) {
  parts with = take_apart(sent);
  raw_fields properties;
  for (const mqtt::property& each : with.properties) properties.property(each);
  properties.property_identifier(0x7E).byte(0);
  sent.packet.body = with.front.properties(properties).append(with.rest);
}

void change_topic(spoiled& sent, std::string_view topic) {
  const byte_view body = sent.packet.body.bytes();
  sent.packet.body =
      raw_fields().utf8_string(topic).append(body.subspan(topic_end(sent.packet.body.bytes())));
}

void insert_zeros_behind_topic(spoiled& sent, std::size_t count) {
  const std::size_t end = topic_end(sent.packet.body.bytes()) + (has_identifier(sent) ? 2 : 0);
  sent.packet.body.insert(end, byte_buffer(count));
}

void insert_identifier_at_qos0(spoiled& sent) {
  if (has_identifier(sent)) return;
  sent.packet.body.insert(topic_end(sent.packet.body.bytes()), byte_buffer{0x00, 0x01});
}

}  // namespace gauntlet::broker::spoiling
