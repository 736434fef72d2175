// Values of properties: their limits, and what lies beyond. MQTT 5.0 §3.1.2.11, §3.3.2.3, §3.8.2.1

#include <fmt/format.h>

#include "conformance/vectors/all_vectors.hpp"
#include "conformance/vectors/packet_frames.hpp"

namespace gauntlet::conformance {
namespace {

using mqtt::property_id;
using mqtt::property_place;
using mqtt::property_type;
using mqtt::raw_fields;

packet_maker packet_with(property_place place, mqtt::property item) {
  return [place, item = std::move(item)](const occasion& at) {
    return frame_with(place, raw_fields().properties(raw_fields().property(item)), at);
  };
}

canonical_packet like_for(property_place place, property_id id) {
  canonical_packet like = packet_at(place);
  if (id == property_id::topic_alias) like.needs.push_back(need::topic_aliases);
  if (id == property_id::subscription_identifier) {
    like.needs.push_back(need::subscription_identifiers);
  }
  if (id == property_id::session_expiry_interval && place == property_place::connect) {
    like.expect_effect = [effect = like.expect_effect](context& test, client& c,
                                                       const occasion& at) {
      test.will_clear_session(at.client_id);
      effect(test, c, at);
    };
  }
  return like;
}

void add_value(suite& to, property_place place, const mqtt::property& item,
               const std::string& value) {
  const mqtt::property_info& info = mqtt::info_of(item.id);
  const canonical_packet like = like_for(place, item.id);
  const std::string_view name = mqtt::place_name(place);
  add_vector(to, "property-value", fmt::format("{}/{}/{}", dashed(name), dashed(info.name), value),
             fmt::format("{} {} in {}", info.name, value, name),
             {refused_or_accepted(only_v5, like, packet_with(place, item),
                                  statement_shown(like.type, only_v5))});
}

void add_number(suite& to, property_place place, const mqtt::property_info& info,
                std::uint32_t value) {
  const std::string name = std::to_string(value);
  if (info.type == property_type::byte) {
    add_value(to, place, {info.id, static_cast<std::uint8_t>(value)}, name);
  } else if (info.type == property_type::two_byte_integer) {
    add_value(to, place, {info.id, static_cast<std::uint16_t>(value)}, name);
  } else {
    add_value(to, place, {info.id, value}, name);
  }
}

// Values that have to be told apart: those at the ends of their ranges.
std::vector<std::uint32_t> telling_values(const mqtt::property_info& info) {
  switch (info.id) {
    case property_id::message_expiry_interval:
      return {30, 0xFFFF'FFFF};  // sooner, and a slow machine has nothing left to deliver
    case property_id::maximum_packet_size:
      return {0, 0x7FFF'FFFF, 0xFFFF'FFFF};
    case property_id::topic_alias:
      return {0, 1};  // the highest is the broker's
    default:
      break;
  }
  switch (info.type) {
    case property_type::two_byte_integer:
      return {0, 1, 2, 255, 256, 0x7FFF, 0x8000, 0xFFFF};
    case property_type::four_byte_integer:
      return {0, 1, 0xFFFF, 0x7FFF'FFFF, 0x8000'0000, 0xFFFF'FFFF};
    case property_type::variable_byte_integer:
      return {0, 1, 127, 128, 16'383, 16'384, 2'097'151, 2'097'152, 0x0FFF'FFFF};
    default:
      return {};
  }
}

void add_numbers(suite& to, property_place place, const mqtt::property_info& info) {
  if (info.type == property_type::byte) {
    for (std::uint32_t value = 0; value < 256; ++value) add_number(to, place, info, value);
  }
  // A DISCONNECT may not have a session last that CONNECT did not ask to last.
  const bool only_zero =
      place == property_place::disconnect && info.id == property_id::session_expiry_interval;
  for (const std::uint32_t value : telling_values(info)) {
    if (value == 0 || !only_zero) add_number(to, place, info, value);
  }
}

void add_texts(suite& to, property_place place, const mqtt::property_info& info) {
  const std::string long_text(1'000, 'x');
  switch (info.type) {
    case property_type::utf8_string:
      add_value(to, place, {info.id, long_text}, "of-1000-bytes");
      // An empty Response Topic is no topic; what becomes of it is not laid down.
      if (info.id != property_id::response_topic)
        add_value(to, place, {info.id, std::string()}, "empty");
      break;
    case property_type::utf8_string_pair:
      add_value(to, place, mqtt::user_property("", ""), "empty");
      add_value(to, place, mqtt::user_property("", "value"), "without-name");
      add_value(to, place, mqtt::user_property("name", ""), "without-value");
      add_value(to, place, mqtt::user_property(long_text, long_text), "of-2000-bytes");
      break;
    case property_type::binary_data:
      add_value(to, place, {info.id, byte_buffer()}, "empty");
      add_value(to, place, {info.id, byte_buffer(1'000, 0xFF)}, "of-1000-bytes");
      break;
    default:
      break;
  }
  if (info.id != property_id::response_topic) return;
  struct named_topic {
    const char* name;
    const char* text;
  };
  for (const named_topic& each : {named_topic{"plus", "+"},
                                  {"hash", "#"},
                                  {"plus-at-end", "a/+"},
                                  {"hash-at-end", "a/#"},
                                  {"plus-at-start", "+/b"},
                                  {"hash-within", "a/#/b"},
                                  {"a-plus", "a+"},
                                  {"a-hash", "a#"}}) {
    add_value(to, place, mqtt::response_topic(each.text), each.name);
  }
}

// Longer forms of a Subscription Identifier than needed, and one of five bytes.
void add_identifier_forms(suite& to) {
  for (const std::size_t width : {2U, 3U, 4U, 5U}) {
    const packet_maker packet = [width](const occasion& at) {
      const raw_fields item =
          raw_fields().property_identifier(0x0B).variable_byte_integer(5, width);
      return frame_with(property_place::subscribe, raw_fields().properties(item), at);
    };
    add_vector(
        to, "property-value", fmt::format("subscribe/subscription-identifier/{}-bytes", width),
        fmt::format("Subscription Identifier 5 in {} bytes", width),
        {refused(only_v5, like_for(property_place::subscribe, property_id::subscription_identifier),
                 packet)});
  }
}

// The alias above the broker's own maximum, which only its CONNACK tells.
void alias_above_maximum(context& test, std::uint32_t above) {
  const std::uint32_t alias = test.able().topic_alias_maximum + above;
  if (alias > 0xFFFF) return test.skip("no Topic Alias is above its maximum");
  const canonical_packet& like = publish_packet(mqtt::qos::at_most_once);
  const ruling by{.codes = {mqtt::reason_code::topic_alias_invalid}};
  judge_refusal(test,
                {.control = bytes_of(like),
                 .breach = packet_with(property_place::publish,
                                       mqtt::topic_alias(static_cast<std::uint16_t>(alias)))},
                by);
}

void add_aliases(suite& to) {
  for (const std::uint32_t above : {1U, 2U, 1'000U, 60'000U}) {
    add_vector(to, "property-value", fmt::format("publish/topic-alias/{}-above-maximum", above),
               fmt::format("A Topic Alias {} above the Topic Alias Maximum", above),
               {{.version = only_v5,
                 .outcome = "is refused",
                 .covers = statements(only_v5, "MQTT-3.3.2-9 PE-3.3.4-b"),
                 .defects = {"accept-topic-alias-above-maximum", "ignore-protocol-error"},
                 .body = [above](context& test) { alias_above_maximum(test, above); }}});
  }
}

bool is_of_clients(const mqtt::property_info& info, property_place place) {
  return info.may_stand_in(place) && info.id != property_id::authentication_method &&
         info.id != property_id::authentication_data && info.id != property_id::server_reference &&
         !(place == property_place::publish && info.id == property_id::subscription_identifier);
}

}  // namespace

void add_property_value_vectors(suite& to) {
  for (const property_place place : client_places) {
    for (const mqtt::property_info& info : mqtt::property_table) {
      if (!is_of_clients(info, place)) continue;
      add_numbers(to, place, info);
      add_texts(to, place, info);
    }
  }
  add_identifier_forms(to);
  add_aliases(to);
  add_vector(to, "property-value", "connect/authentication-data/without-method",
             "Authentication Data without Authentication Method",
             {refused(only_v5, connect_packet(),
                      packet_with(property_place::connect, mqtt::authentication_data({1, 2})))});
}

}  // namespace gauntlet::conformance
