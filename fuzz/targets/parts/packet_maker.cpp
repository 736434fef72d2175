#include "fuzz/targets/parts/packet_maker.hpp"

#include <string_view>
#include <utility>

#include "harness/mqtt/property_table.hpp"
#include "harness/mqtt/reason_code.hpp"

namespace gauntlet::fuzz {
namespace {

using namespace gauntlet::mqtt;
using std::string_view;

constexpr std::array<string_view, 8> small_names{"a", "a/b", "b", "a/b/c", "$x", "/", "a/", "b/b"};
constexpr std::array<string_view, 16> small_filters{
    "a",       "a/b",    "#",  "+",          "a/#",          "a/+",          "+/b",
    "$x",      "$SYS/#", "/+", "$share/g/a", "$share/g/+/#", "$share/h/a/#", "+/+/#",
    "a/b/c/#", "a/+/c"};
constexpr std::array<string_view, 4> small_client_ids{"c1", "c2", "c3", ""};
constexpr std::array<std::uint32_t, 16> small_numbers{
    0, 1, 2, 3, 4, 5, 10, 20, 60, 128, 300, 1000, 65535, 100000, 1 << 20, 0xFFFFFFFF};
constexpr std::array<string_view, 9> characters{
    "a", "/", "$", " ", "\x01", "\xc3\xa9", "\xe2\x82\xac", "\xef\xbb\xbf", "\xf0\x9f\x8c\x8d"};
constexpr std::array<packet_type, 10> of_clients{
    packet_type::publish,    packet_type::subscribe, packet_type::puback,  packet_type::pubrec,
    packet_type::pubrel,     packet_type::pubcomp,   packet_type::pingreq, packet_type::unsubscribe,
    packet_type::disconnect, packet_type::auth};
constexpr std::array<packet_type, 11> of_servers{
    packet_type::connack,  packet_type::publish,    packet_type::puback,   packet_type::pubrec,
    packet_type::pubrel,   packet_type::pubcomp,    packet_type::pingresp, packet_type::suback,
    packet_type::unsuback, packet_type::disconnect, packet_type::auth};

}  // namespace

std::uint16_t packet_maker::identifier() {
  if (style_.small_world) return static_cast<std::uint16_t>(1 + input_.below(5));
  const std::uint16_t any = input_.two_bytes();
  return any == 0 && style_.legal ? std::uint16_t{1} : any;
}

std::uint32_t packet_maker::number(std::uint32_t min, std::uint32_t max) {
  const std::uint32_t any = style_.small_world ? input_.one_of(small_numbers) : input_.four_bytes();
  return std::clamp(any, min, max);
}

std::string packet_maker::text() {
  if (!style_.legal) return std::string(as_text(input_.short_bytes()));
  std::string made;
  for (std::size_t left = input_.below(8); left > 0; --left) made += input_.one_of(characters);
  return made;
}

std::string packet_maker::topic_name() {
  if (style_.small_world) return std::string(input_.one_of(small_names));
  std::string made = text();
  return made.empty() && style_.legal ? "t" : made;
}

std::string packet_maker::topic_filter() {
  return style_.small_world ? std::string(input_.one_of(small_filters)) : topic_name();
}

std::string packet_maker::client_id() {
  return style_.small_world ? std::string(input_.one_of(small_client_ids)) : text();
}

byte_buffer packet_maker::binary() {
  const byte_view taken = input_.bytes(input_.below(style_.small_world ? 8 : 256));
  return {taken.begin(), taken.end()};
}

property_value packet_maker::value(const property_info& info, property_place place) {
  const std::uint32_t min = style_.legal && info.values == property_values::not_zero ? 1 : 0;
  switch (info.type) {
    case property_type::byte:
      return style_.legal ? static_cast<std::uint8_t>(input_.flag()) : input_.byte();
    case property_type::two_byte_integer:
      return static_cast<std::uint16_t>(number(min, 65535));
    case property_type::four_byte_integer:
      return number(min, 0xFFFFFFFF);
    case property_type::variable_byte_integer:
      return number(min, 268'435'455);
    case property_type::utf8_string:
      if (info.values == property_values::topic_name) return topic_name();
      return place == property_place::auth && style_.legal ? "method" : text();
    case property_type::binary_data:
      return binary();
    case property_type::utf8_string_pair: {
      std::string name = text();
      return string_pair{std::move(name), text()};
    }
  }
  return std::uint8_t{0};
}

// What the standard says of properties beyond the places where they may stand.
bool packet_maker::is_wanted(const property_info& info, property_place place,
                             const property_list& so_far) const {
  if (!style_.legal) return true;
  if (!info.may_stand_in(place)) return false;
  if (so_far.contains(info.id) && !info.may_repeat_in(place)) return false;
  if (from_client() && place == property_place::publish &&
      info.id == property_id::subscription_identifier) {
    return false;
  }
  if (!from_client() && place == property_place::disconnect &&
      info.id == property_id::session_expiry_interval) {
    return false;
  }
  return info.id != property_id::authentication_data ||
         so_far.contains(property_id::authentication_method);
}

property_list packet_maker::properties(property_place place) {
  property_list made;
  if (!is_v5() && style_.legal) return made;
  for (std::size_t left = input_.below(4); left > 0; --left) {
    const property_info& info = input_.one_of(property_table);
    if (is_wanted(info, place, made)) made.add({info.id, value(info, place)});
  }
  return made;
}

reason_code packet_maker::code(packet_type type) {
  const std::uint8_t drawn = input_.byte();
  if (!style_.legal) return static_cast<reason_code>(drawn);
  if (!is_v5()) return reason_code::success;
  // Zero is legal in every packet but AUTH of a client.
  const reason_code any = reason_codes()[drawn % reason_codes().size()].code;
  if (may_stand_in(any, type, style_.from)) return any;
  return type == packet_type::auth ? reason_code::continue_authentication : reason_code::success;
}

std::vector<reason_code> packet_maker::codes(packet_type type) {
  std::vector<reason_code> made;
  for (std::size_t left = 1 + input_.below(4); left > 0; --left) {
    const bool is_return_code = !is_v5() && style_.legal && type == packet_type::suback;
    made.push_back(is_return_code ? static_cast<reason_code>(input_.below(3)) : code(type));
  }
  return made;
}

connect packet_maker::make_connect() {
  connect made{.protocol_version = style_.version,
               .client_id = client_id(),
               .clean_start = input_.flag(),
               .keep_alive_s = static_cast<std::uint16_t>(number(0, 65535)),
               .properties = properties(property_place::connect)};
  if (input_.flag()) {
    made.will = will{.topic_name = topic_name(),
                     .payload = binary(),
                     .qos = any_qos(),
                     .retain = input_.flag(),
                     .properties = properties(property_place::will)};
  }
  const std::size_t credentials = input_.below(8);
  if ((credentials & 1U) != 0) made.user_name = text();
  const bool password_allowed = is_v5() || made.user_name || !style_.legal;
  if ((credentials & 2U) != 0 && password_allowed) made.password = binary();
  return made;
}

connack packet_maker::make_connack() {
  connack made{.properties = properties(property_place::connack)};
  made.reason_code = is_v5() || !style_.legal
                         ? code(packet_type::connack)
                         : reason_code_of(static_cast<connect_return_code>(input_.below(6)));
  made.session_present =
      input_.flag() && (made.reason_code == reason_code::success || !style_.legal);
  return made;
}

publish packet_maker::make_publish() {
  publish made{.qos = any_qos(),
               .retain = input_.flag(),
               .topic_name = topic_name(),
               .properties = properties(property_place::publish)};
  if (made.qos != qos::at_most_once || !style_.legal) {
    made.dup = input_.below(4) == 1;
    made.packet_identifier = identifier();
  }
  if (made.properties.contains(property_id::topic_alias) && input_.flag()) made.topic_name.clear();
  made.payload = binary();
  return made;
}

subscribe packet_maker::make_subscribe() {
  subscribe made{.packet_identifier = identifier(),
                 .properties = properties(property_place::subscribe)};
  for (std::size_t left = (style_.legal ? 1 : 0) + input_.below(3); left > 0; --left) {
    subscription wanted{topic_filter(), {.maximum_qos = any_qos()}};
    if (is_v5()) {
      wanted.options.no_local = input_.flag();
      wanted.options.retain_as_published = input_.flag();
      wanted.options.retain_handling = static_cast<retain_handling>(input_.below(3));
    }
    made.subscriptions.push_back(std::move(wanted));
  }
  return made;
}

unsubscribe packet_maker::make_unsubscribe() {
  unsubscribe made{.packet_identifier = identifier(),
                   .properties = properties(property_place::unsubscribe)};
  for (std::size_t left = (style_.legal ? 1 : 0) + input_.below(3); left > 0; --left) {
    made.topic_filters.push_back(topic_filter());
  }
  return made;
}

auth packet_maker::make_auth() {
  auth made{.reason_code = code(packet_type::auth), .properties = properties(property_place::auth)};
  if (style_.legal && !made.properties.contains(property_id::authentication_method)) {
    made.properties.add(authentication_method("method"));
  }
  return made;
}

template <class Acknowledgement>
Acknowledgement packet_maker::make_acknowledgement(packet_type type) {
  Acknowledgement made{.packet_identifier = identifier()};
  made.reason_code = code(type);
  made.properties = properties(place_of(type));
  return made;
}

packet packet_maker::make(packet_type type) {
  switch (type) {
    case packet_type::connect:
      return make_connect();
    case packet_type::connack:
      return make_connack();
    case packet_type::publish:
      return make_publish();
    case packet_type::puback:
      return make_acknowledgement<puback>(type);
    case packet_type::pubrec:
      return make_acknowledgement<pubrec>(type);
    case packet_type::pubrel:
      return make_acknowledgement<pubrel>(type);
    case packet_type::pubcomp:
      return make_acknowledgement<pubcomp>(type);
    case packet_type::subscribe:
      return make_subscribe();
    case packet_type::suback:
      return suback{identifier(), codes(type), properties(property_place::suback)};
    case packet_type::unsubscribe:
      return make_unsubscribe();
    case packet_type::unsuback: {
      const std::uint16_t id = identifier();
      return unsuback{id, is_v5() ? codes(type) : std::vector<reason_code>{},
                      properties(property_place::unsuback)};
    }
    case packet_type::pingreq:
      return pingreq{};
    case packet_type::pingresp:
      return pingresp{};
    case packet_type::disconnect:
      return disconnect{code(type), properties(property_place::disconnect)};
    case packet_type::auth:
      return make_auth();
  }
  return pingreq{};
}

packet packet_maker::make() {
  const packet_type type = from_client() ? input_.one_of(of_clients) : input_.one_of(of_servers);
  const bool lacks =
      type == packet_type::auth || (type == packet_type::disconnect && !from_client());  // in 3.1.1
  if (lacks && !is_v5() && style_.legal) return make_publish();
  return make(type);
}

}  // namespace gauntlet::fuzz
