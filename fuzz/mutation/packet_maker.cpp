#include "fuzz/mutation/packet_maker.hpp"

#include <array>
#include <string>
#include <string_view>
#include <utility>

#include "harness/mqtt/codec.hpp"
#include "harness/mqtt/fixed_header.hpp"

namespace gauntlet::fuzz {
namespace {

constexpr std::array<std::string_view, 8> topic_names = {
    "@@@@@@@@/a",  "@@@@@@@@/a/b",      "@@@@@@@@/a/b/c", "@@@@@@@@",
    "@@@@@@@@//x", "@@@@@@@@/\xC3\xA9", "@@@@@@@@/a ",    "/@@@@@@@@/a"};
constexpr std::array<std::string_view, 12> topic_filters = {
    "@@@@@@@@/a",          "@@@@@@@@/#",         "@@@@@@@@/+",          "@@@@@@@@/a/+/c",
    "@@@@@@@@/+/b",        "+/@@@@@@@@/a",       "$share/g/@@@@@@@@/a", "$share/g/@@@@@@@@/#",
    "$share/h/@@@@@@@@/+", "@@@@@@@@/a/b/c/d/#", "@@@@@@@@//+",         "@@@@@@@@/a#"};
constexpr std::array<std::string_view, 5> client_identifiers = {"@@@@@@@@x", "@@@@@@@@y",
                                                                "@@@@@@@@z", "@@@@@@@@w", ""};
constexpr std::array<std::string_view, 6> texts = {
    "", "a", "text/plain", "\xEF\xBB\xBF", "a longer text that fills some bytes", "\x7F"};

template <std::size_t N>
std::string pick(seeded_stream& draws, const std::array<std::string_view, N>& from) {
  return std::string(from.at(draws.below(N)));
}

byte_buffer payload(seeded_stream& draws) {
  static constexpr std::array<std::size_t, 8> sizes = {0, 1, 1, 4, 16, 127, 128, 2000};
  byte_buffer bytes(sizes.at(draws.below(sizes.size())));
  draws.bytes(bytes);
  return bytes;
}

std::uint16_t identifier(seeded_stream& draws) {
  if (draws.chance(0.03)) return 0xFFFF;
  return static_cast<std::uint16_t>(draws.chance(0.02) ? 0 : 1 + draws.below(3));
}

std::uint32_t number(seeded_stream& draws) {
  static constexpr std::array<std::uint32_t, 10> values = {
      0, 1, 2, 10, 127, 128, 65535, 268435455, 0x7FFFFFFF, 0xFFFFFFFF};
  return values.at(draws.below(values.size()));
}

mqtt::qos any_qos(seeded_stream& draws) { return static_cast<mqtt::qos>(draws.below(3)); }

mqtt::property_list properties(seeded_stream& draws, mqtt::protocol_version version,
                               mqtt::property_place place) {
  mqtt::property_list made;
  if (version != mqtt::protocol_version::v5) return made;
  while (draws.chance(0.3)) made.add(make_property(draws, place));
  return made;
}

mqtt::publish make_publish(seeded_stream& draws, mqtt::protocol_version version) {
  mqtt::publish made{.dup = false,
                     .qos = any_qos(draws),
                     .retain = draws.chance(0.2),
                     .topic_name = pick(draws, topic_names),
                     .packet_identifier = 0,
                     .properties = properties(draws, version, mqtt::property_place::publish),
                     .payload = payload(draws)};
  if (made.qos == mqtt::qos::at_most_once) return made;
  made.packet_identifier = identifier(draws);
  made.dup = draws.chance(0.1);
  return made;
}

mqtt::subscribe make_subscribe(seeded_stream& draws, mqtt::protocol_version version) {
  mqtt::subscribe made{.packet_identifier = identifier(draws),
                       .subscriptions = {},
                       .properties = properties(draws, version, mqtt::property_place::subscribe)};
  do {
    mqtt::subscription each{.topic_filter = pick(draws, topic_filters), .options = {}};
    each.options.maximum_qos = any_qos(draws);
    if (version == mqtt::protocol_version::v5) {
      each.options.no_local = draws.chance(0.1);
      each.options.retain_as_published = draws.chance(0.3);
      each.options.retain_handling = static_cast<mqtt::retain_handling>(draws.below(3));
    }
    made.subscriptions.push_back(std::move(each));
  } while (draws.chance(0.4));
  return made;
}

mqtt::unsubscribe make_unsubscribe(seeded_stream& draws, mqtt::protocol_version version) {
  mqtt::unsubscribe made{
      .packet_identifier = identifier(draws),
      .topic_filters = {pick(draws, topic_filters)},
      .properties = properties(draws, version, mqtt::property_place::unsubscribe)};
  while (draws.chance(0.3)) made.topic_filters.push_back(pick(draws, topic_filters));
  return made;
}

template <class Acknowledgement>
Acknowledgement make_acknowledgement(seeded_stream& draws, mqtt::protocol_version version,
                                     mqtt::property_place place) {
  Acknowledgement made{.packet_identifier = identifier(draws),
                       .reason_code = mqtt::reason_code::success,
                       .properties = properties(draws, version, place)};
  if (version == mqtt::protocol_version::v5 && draws.chance(0.15)) {
    made.reason_code = mqtt::reason_code::unspecified_error;
  }
  return made;
}

mqtt::property_value make_value(seeded_stream& draws, mqtt::property_type type,
                                mqtt::property_values values) {
  switch (type) {
    case mqtt::property_type::byte:
      return static_cast<std::uint8_t>(draws.below(3));
    case mqtt::property_type::two_byte_integer:
      return static_cast<std::uint16_t>(number(draws));
    case mqtt::property_type::four_byte_integer:
      return number(draws);
    case mqtt::property_type::variable_byte_integer:
      return number(draws) & 0x0FFFFFFFU;
    case mqtt::property_type::utf8_string:
      return values == mqtt::property_values::topic_name ? pick(draws, topic_names)
                                                         : pick(draws, texts);
    case mqtt::property_type::binary_data:
      return payload(draws);
    case mqtt::property_type::utf8_string_pair:
      return mqtt::string_pair{pick(draws, texts), pick(draws, texts)};
  }
  return std::uint8_t{0};
}

}  // namespace

mqtt::property make_property(seeded_stream& draws, mqtt::property_place place) {
  const auto& table = mqtt::detail::table::property_table;
  const bool anywhere = draws.chance(0.05);
  const mqtt::property_info* row = &table.at(draws.below(table.size()));
  while (!anywhere && !row->may_stand_in(place)) row = &table.at(draws.below(table.size()));
  return {row->id, make_value(draws, row->type, row->values)};
}

mqtt::connect make_connect(seeded_stream& draws, mqtt::protocol_version version) {
  mqtt::connect made{.protocol_version = version,
                     .client_id = pick(draws, client_identifiers),
                     .clean_start = draws.chance(0.6),
                     .keep_alive_s = static_cast<std::uint16_t>(draws.chance(0.8) ? 0 : 60),
                     .will = std::nullopt,
                     .user_name = std::nullopt,
                     .password = std::nullopt,
                     .properties = {}};
  if (made.client_id.empty()) made.clean_start = true;
  const bool is_v5 = version == mqtt::protocol_version::v5;
  if (is_v5 && draws.chance(0.6)) made.properties.add(mqtt::session_expiry_interval(number(draws)));
  if (is_v5 && draws.chance(0.2)) made.properties.add(mqtt::receive_maximum(1));
  if (is_v5 && draws.chance(0.2)) made.properties.add(mqtt::topic_alias_maximum(2));
  if (is_v5 && draws.chance(0.15)) {
    made.properties.add(make_property(draws, mqtt::property_place::connect));
  }
  if (draws.chance(0.3)) {
    made.will = mqtt::will{.topic_name = pick(draws, topic_names),
                           .payload = payload(draws),
                           .qos = any_qos(draws),
                           .retain = draws.chance(0.3),
                           .properties = properties(draws, version, mqtt::property_place::will)};
  }
  if (draws.chance(0.1)) made.user_name = pick(draws, texts);
  if (made.user_name && draws.chance(0.5)) made.password = payload(draws);
  return made;
}

mqtt::packet make_packet(seeded_stream& draws, mqtt::protocol_version version) {
  using place = mqtt::property_place;
  const bool is_v5 = version == mqtt::protocol_version::v5;
  const std::uint64_t drawn = draws.below(100);
  if (drawn < 34) return make_publish(draws, version);
  if (drawn < 54) return make_subscribe(draws, version);
  if (drawn < 61) return make_unsubscribe(draws, version);
  if (drawn < 68) return make_acknowledgement<mqtt::puback>(draws, version, place::puback);
  if (drawn < 74) return make_acknowledgement<mqtt::pubrec>(draws, version, place::pubrec);
  if (drawn < 82) return make_acknowledgement<mqtt::pubrel>(draws, version, place::pubrel);
  if (drawn < 87) return make_acknowledgement<mqtt::pubcomp>(draws, version, place::pubcomp);
  if (drawn < 90) return mqtt::pingreq{};
  if (drawn < 93) return make_connect(draws, version);
  if (is_v5 && drawn < 95) {
    return mqtt::auth{mqtt::reason_code::re_authenticate, properties(draws, version, place::auth)};
  }
  mqtt::disconnect goodbye;
  if (is_v5 && draws.chance(0.4)) {
    goodbye.reason_code = mqtt::reason_code::disconnect_with_will_message;
  }
  goodbye.properties = properties(draws, version, place::disconnect);
  return goodbye;
}

byte_buffer bytes_of(const mqtt::packet& source, mqtt::protocol_version version) {
  byte_buffer bytes;
  if (!mqtt::encode(source, version, bytes)) bytes.clear();
  return bytes;
}

void repair_length(byte_buffer& packet) {
  if (packet.size() < 2) return;
  const auto field = mqtt::read_remaining_length(byte_view(packet).subspan(1));
  const bool is_readable = field.found == mqtt::remaining_length_field::state::complete;
  const std::size_t old_size = is_readable ? field.size : 1;
  std::size_t rest = packet.size() - 1 - old_size;
  byte_buffer length;
  do {
    const auto low = static_cast<std::uint8_t>(rest & 0x7FU);
    rest >>= 7U;
    length.push_back(rest > 0 ? low | 0x80U : low);
  } while (rest > 0);
  packet.erase(packet.begin() + 1, packet.begin() + 1 + static_cast<std::ptrdiff_t>(old_size));
  packet.insert(packet.begin() + 1, length.begin(), length.end());
}

void spoil(byte_buffer& packet, seeded_stream& draws) {
  if (packet.size() < 2) {
    packet.push_back(static_cast<std::uint8_t>(draws.next_u64()));
    return;
  }
  const auto any_place = [&] {
    return packet.begin() + static_cast<std::ptrdiff_t>(draws.below(packet.size()));
  };
  switch (draws.below(9)) {
    case 0:
      packet[0] ^= static_cast<std::uint8_t>(1U << draws.below(4));
      return;
    case 1:
      packet[0] ^= static_cast<std::uint8_t>(0x10U << draws.below(4));
      return;
    case 2:
      packet[1] = static_cast<std::uint8_t>(packet[1] + (draws.chance(0.5) ? 1 : -1));
      return;
    case 3:
      *any_place() = static_cast<std::uint8_t>(draws.next_u64());
      return;
    case 4:
      packet.resize(1 + draws.below(packet.size()));
      return;
    case 5:
      packet.resize(1 + draws.below(packet.size()));
      repair_length(packet);
      return;
    case 6: {
      const auto at = any_place();
      packet.insert(at, static_cast<std::uint8_t>(draws.next_u64()));
      repair_length(packet);
      return;
    }
    case 7: {
      if (packet.size() < 4) return;
      packet.erase(packet.begin() + 2 +
                   static_cast<std::ptrdiff_t>(draws.below(packet.size() - 2)));
      repair_length(packet);
      return;
    }
    default: {
      static constexpr std::array<std::uint8_t, 5> tempting = {0x00, 0xFF, 0x7F, 0x80, 0x01};
      *any_place() = tempting.at(draws.below(tempting.size()));
      return;
    }
  }
}

}  // namespace gauntlet::fuzz
