#include "conformance/vectors/packet_frames.hpp"

#include <algorithm>
#include <cctype>

#include "harness/base/assert.hpp"

namespace gauntlet::conformance {
namespace {

using mqtt::packet_type;
using mqtt::property_place;
using mqtt::raw_fields;

constexpr unsigned will_flag = 0x04;
constexpr unsigned password_flag = 0x40;
constexpr unsigned user_name_flag = 0x80;

byte_buffer finished(packet_type type, unsigned flags, const raw_fields& body) {
  return mqtt::raw_packet{.first_byte = mqtt::first_byte_of(type, static_cast<std::uint8_t>(flags)),
                          .body = body}
      .bytes();
}

raw_fields connect_until_properties(const occasion& at, unsigned more_flags) {
  unsigned flags = 0x02U | more_flags;
  if (at.login) flags |= user_name_flag | password_flag;
  return raw_fields()
      .utf8_string("MQTT")
      .byte(5)
      .byte(static_cast<std::uint8_t>(flags))
      .two_byte_integer(0);
}

void add_login(raw_fields& body, const occasion& at) {
  if (at.login) body.utf8_string(at.login->user_name).utf8_string(at.login->password);
}

byte_buffer connect_frame(const raw_fields& block, const occasion& at) {
  raw_fields body = connect_until_properties(at, 0).append(block).utf8_string(at.client_id);
  add_login(body, at);
  return finished(packet_type::connect, 0, body);
}

byte_buffer will_frame(const raw_fields& block, const occasion& at) {
  raw_fields body = connect_until_properties(at, will_flag).byte(0).utf8_string(at.client_id);
  body.append(block).utf8_string(at.topic + "/will").utf8_string("gone");
  add_login(body, at);
  return finished(packet_type::connect, 0, body);
}

byte_buffer acknowledgement_frame(packet_type type, const raw_fields& block, const occasion& at) {
  const raw_fields body = raw_fields().two_byte_integer(at.packet_identifier).byte(0).append(block);
  return finished(type, type == packet_type::pubrel ? 0x02 : 0, body);
}

}  // namespace

const canonical_packet& packet_at(property_place place) {
  switch (place) {
    case property_place::connect:
    case property_place::will:
      return connect_packet();
    case property_place::publish:
      return publish_packet(mqtt::qos::at_most_once);
    case property_place::puback:
      return puback_packet();
    case property_place::pubrec:
      return pubrec_packet();
    case property_place::pubrel:
      return pubrel_packet();
    case property_place::pubcomp:
      return pubcomp_packet();
    case property_place::subscribe:
      return subscribe_packet();
    case property_place::unsubscribe:
      return unsubscribe_packet();
    case property_place::disconnect:
      return disconnect_packet();
    default:
      GAUNTLET_ASSERT(false && "not a place of clients");
  }
}

byte_buffer frame_with(property_place place, const raw_fields& block, const occasion& at) {
  const auto type = static_cast<packet_type>(place);
  switch (place) {
    case property_place::connect:
      return connect_frame(block, at);
    case property_place::will:
      return will_frame(block, at);
    case property_place::publish:
      return finished(type, 0, raw_fields().utf8_string(at.topic).append(block).append("message"));
    case property_place::subscribe:
      return finished(type, 0x02,
                      raw_fields()
                          .two_byte_integer(at.packet_identifier)
                          .append(block)
                          .utf8_string(at.topic + "/a")
                          .byte(0));
    case property_place::unsubscribe:
      return finished(type, 0x02,
                      raw_fields()
                          .two_byte_integer(at.packet_identifier)
                          .append(block)
                          .utf8_string(at.topic + "/a")
                          .utf8_string(at.topic + "/b"));
    case property_place::disconnect:
      return finished(type, 0, raw_fields().byte(0).append(block));
    default:
      return acknowledgement_frame(type, block, at);
  }
}

mqtt::property sample_property(mqtt::property_id id, const occasion& at) {
  using mqtt::property_type;
  const mqtt::property_info& info = mqtt::info_of(id);
  switch (info.type) {
    case property_type::byte:
      return {id, std::uint8_t{1}};
    case property_type::two_byte_integer:
      // The first alias; enough messages and aliases for any exchange here.
      return {id, static_cast<std::uint16_t>(id == mqtt::property_id::topic_alias ? 1 : 20)};
    case property_type::four_byte_integer:
      if (id == mqtt::property_id::maximum_packet_size) return {id, std::uint32_t{1'000'000}};
      // Nothing has to be waited for, and nothing stays behind.
      return {id, std::uint32_t{id == mqtt::property_id::message_expiry_interval ? 600U : 0U}};
    case property_type::variable_byte_integer:
      return {id, std::uint32_t{5}};
    case property_type::utf8_string:
      return {id, at.topic + "/text"};
    case property_type::binary_data:
      return {id, byte_buffer{1, 0, 0xFF}};
    case property_type::utf8_string_pair:
      return {id, mqtt::string_pair{"name", "value"}};
  }
  GAUNTLET_ASSERT(false && "property type out of range");
}

std::string dashed(std::string_view name) {
  std::string made(name);
  std::ranges::transform(made, made.begin(), [](unsigned char letter) {
    return letter == ' ' ? '-' : static_cast<char>(std::tolower(letter));
  });
  return made;
}

}  // namespace gauntlet::conformance
