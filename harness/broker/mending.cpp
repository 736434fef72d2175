#include "harness/broker/mending.hpp"

#include <algorithm>
#include <optional>

#include "harness/mqtt/fixed_header.hpp"
#include "harness/mqtt/property_table.hpp"
#include "harness/mqtt/raw_packet.hpp"

namespace gauntlet::broker::mending {
namespace {

using mqtt::packet_type;
using mqtt::raw_fields;

// What follows the fixed header, and where in it the error is.
struct body_with_error {
  byte_view body;
  std::size_t at;
};

body_with_error take_apart(byte_view packet, const mqtt::decode_error& error) {
  const std::size_t header = 1U + mqtt::read_remaining_length(packet.subspan(1)).size;
  return {packet.subspan(header), std::max(error.offset, header) - header};
}

byte_buffer put_together(byte_view packet, const raw_fields& body) {
  return mqtt::raw_packet{.first_byte = packet[0], .body = body}.bytes();
}

// Two bytes of length and that many bytes.
std::size_t field_size(byte_view body, std::size_t at) {
  return at + 2 > body.size() ? 2 : 2U + (std::size_t{body[at]} << 8U) + body[at + 1];
}

// Where a list of properties stands in the body.
struct property_block {
  std::size_t length_at;
  std::size_t first;
  std::size_t end;
};

property_block read_block(byte_view body, std::size_t at) {
  const auto length = mqtt::read_remaining_length(body.subspan(std::min(at, body.size())));
  const std::size_t first = at + length.size;
  return {at, first, std::min(first + length.value, body.size())};
}

std::size_t connect_flags_at(byte_view body) { return field_size(body, 0) + 1; }

// The Will Properties follow the properties of CONNECT and the Client Identifier.
property_block will_block(byte_view body) {
  const std::size_t client_id_at = read_block(body, connect_flags_at(body) + 3).end;
  return read_block(body, client_id_at + field_size(body, client_id_at));
}

// All fields before an error are sound, so that they tell where it is.
bool is_in_will(byte_view packet, const body_with_error& taken) {
  constexpr unsigned will_flag = 0x04;
  if (mqtt::packet_type_of(packet[0]) != packet_type::connect) return false;
  const std::size_t flags_at = connect_flags_at(taken.body);
  if (taken.at <= flags_at + 3 || (taken.body[flags_at] & will_flag) == 0) return false;
  if (taken.at < read_block(taken.body, flags_at + 3).end) return false;
  const property_block block = will_block(taken.body);
  return taken.at == block.length_at || (taken.at > block.length_at && taken.at < block.end);
}

// The properties among which the error is.
property_block block_of(byte_view packet, const body_with_error& taken) {
  const packet_type type = mqtt::packet_type_of(packet[0]);
  const byte_view body = taken.body;
  switch (type) {
    case packet_type::connect:
      return is_in_will(packet, taken) ? will_block(body)
                                       : read_block(body, connect_flags_at(body) + 3);
    case packet_type::publish:
      return read_block(body, field_size(body, 0) + ((packet[0] & 0x06U) != 0 ? 2 : 0));
    case packet_type::subscribe:
    case packet_type::unsubscribe:
      return read_block(body, 2);
    case packet_type::disconnect:
    case packet_type::auth:
      return read_block(body, 1);
    default:  // acknowledgements: Packet Identifier and Reason Code come first
      return read_block(body, 3);
  }
}

std::size_t value_size(byte_view body, std::size_t at, mqtt::property_type type) {
  switch (type) {
    case mqtt::property_type::byte:
      return 1;
    case mqtt::property_type::two_byte_integer:
      return 2;
    case mqtt::property_type::four_byte_integer:
      return 4;
    case mqtt::property_type::variable_byte_integer:
      return mqtt::read_remaining_length(body.subspan(std::min(at, body.size()))).size;
    case mqtt::property_type::utf8_string:
    case mqtt::property_type::binary_data:
      return field_size(body, at);
    case mqtt::property_type::utf8_string_pair: {
      const std::size_t name = field_size(body, at);
      return name + field_size(body, at + name);
    }
  }
  return 0;
}

// Where the property at `at` ends; one that is not defined takes all that is left.
std::size_t property_end(byte_view body, std::size_t at, std::size_t end) {
  const auto* const info = mqtt::find_property_info(body[at]);
  return info == nullptr ? end : std::min(at + 1 + value_size(body, at + 1, info->type), end);
}

byte_buffer with_block(byte_view packet, byte_view body, const property_block& block,
                       const raw_fields& properties) {
  return put_together(packet, raw_fields(body.first(block.length_at))
                                  .properties(properties)
                                  .append(body.subspan(block.end)));
}

byte_buffer with_connect_flags(byte_view packet, byte_view body, unsigned kept, std::size_t size) {
  raw_fields fields(body.first(size));
  const std::size_t at = connect_flags_at(body);
  fields.set(at, static_cast<std::uint8_t>(body[at] & kept));
  return put_together(packet, fields);
}

}  // namespace

byte_buffer ignored(byte_view, const mqtt::decode_error&) { return {}; }

byte_buffer with_question_mark(byte_view packet, const mqtt::decode_error& error) {
  return with_bits<0, '?'>(packet, error);
}

byte_buffer with_listed_flags(byte_view packet, const mqtt::decode_error& error) {
  const packet_type type = mqtt::packet_type_of(packet[0]);
  const bool listed_as_2 = type == packet_type::pubrel || type == packet_type::subscribe ||
                           type == packet_type::unsubscribe;
  return listed_as_2 ? with_bits<0xF0, 0x02>(packet, error) : with_bits<0xF0>(packet, error);
}

byte_buffer with_shortest_form(byte_view packet, const mqtt::decode_error& error) {
  const auto taken = take_apart(packet, error);
  const auto& [body, at] = taken;
  if (error.offset == 1) return put_together(packet, raw_fields(body));  // Remaining Length
  const auto number = mqtt::read_remaining_length(body.subspan(at));
  const raw_fields shorter = raw_fields().variable_byte_integer(number.value);
  const property_block block = block_of(packet, taken);
  if (at == block.length_at) {
    return put_together(
        packet, raw_fields(body.first(at)).append(shorter).append(body.subspan(at + number.size)));
  }
  const std::size_t rest = at + number.size;
  return with_block(packet, body, block,
                    raw_fields(body.subspan(block.first, at - block.first))
                        .append(shorter)
                        .append(body.subspan(rest, block.end - rest)));
}

byte_buffer with_protocol_name(byte_view packet, const mqtt::decode_error& error) {
  const byte_view body = take_apart(packet, error).body;
  return put_together(packet,
                      raw_fields().utf8_string("MQTT").append(body.subspan(field_size(body, 0))));
}

byte_buffer with_protocol_version(byte_view packet, const mqtt::decode_error& error) {
  return packet[error.offset] < 4 ? with_bits<0, 4>(packet, error) : with_bits<0, 5>(packet, error);
}

byte_buffer without_rest(byte_view packet, const mqtt::decode_error& error) {
  const auto [body, at] = take_apart(packet, error);
  return put_together(packet, raw_fields(body.first(at)));
}

byte_buffer without_property(byte_view packet, const mqtt::decode_error& error) {
  const auto taken = take_apart(packet, error);
  const property_block block = block_of(packet, taken);
  std::size_t start = block.first;
  std::size_t end = start;
  while (end <= taken.at && end < block.end) {
    start = end;
    end = property_end(taken.body, start, block.end);
  }
  return with_block(packet, taken.body, block,
                    raw_fields(taken.body.subspan(block.first, start - block.first))
                        .append(taken.body.subspan(end, block.end - end)));
}

byte_buffer without_properties(byte_view packet, const mqtt::decode_error& error) {
  const auto taken = take_apart(packet, error);
  return with_block(packet, taken.body, block_of(packet, taken), {});
}

byte_buffer without_user_name(byte_view packet, const mqtt::decode_error& error) {
  const auto [body, at] = take_apart(packet, error);
  return with_connect_flags(packet, body, 0x7F, at);
}

byte_buffer without_password(byte_view packet, const mqtt::decode_error& error) {
  const auto [body, at] = take_apart(packet, error);
  return with_connect_flags(packet, body, 0xBF, at);
}

byte_buffer without_will(byte_view packet, const mqtt::decode_error& error) {
  const byte_view body = take_apart(packet, error).body;
  const std::size_t client_id_at = connect_flags_at(body) + 3;
  const bool is_v5 = error.version == mqtt::protocol_version::v5;
  const std::size_t will_at =
      is_v5 ? will_block(body).length_at : client_id_at + field_size(body, client_id_at);
  return with_connect_flags(packet, body, 0x03, will_at);
}

bool is_in_will_properties(byte_view packet, const mqtt::decode_error& error) {
  return error.version == mqtt::protocol_version::v5 &&
         is_in_will(packet, take_apart(packet, error));
}

}  // namespace gauntlet::broker::mending
