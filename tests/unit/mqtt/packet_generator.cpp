#include "tests/unit/mqtt/packet_generator.hpp"

#include <array>
#include <string>

#include "harness/base/assert.hpp"
#include "harness/mqtt/property_table.hpp"

namespace gauntlet::mqtt {

namespace {

class generator {
 public:
  generator(seeded_stream& draws, protocol_version version, sender from)
      : draws_(draws), version_(version), from_(from) {}

  packet make(packet_type type);

 private:
  bool chance(double probability) { return draws_.chance(probability); }
  bool is_v5() const { return version_ == protocol_version::v5; }
  template <class Integer>
  Integer integer() {
    return static_cast<Integer>(draws_.next_u64());
  }
  std::uint16_t identifier() { return static_cast<std::uint16_t>(draws_.between(1, 65535)); }
  qos any_qos() { return static_cast<qos>(draws_.below(3)); }

  /// Mostly short; at times empty, at times as long as a field can be.
  std::size_t size(std::size_t size_max) {
    if (chance(0.02)) return size_max;
    if (chance(0.1)) return static_cast<std::size_t>(draws_.below(300));
    return static_cast<std::size_t>(draws_.below(20));
  }

  std::string text(std::size_t characters_min = 0);
  std::string topic_name() { return text(1); }
  byte_buffer binary(std::size_t size_max = field_size_max);
  property_list properties(property_place place);
  property_value value(const property_info& info, property_place place);
  reason_code code(packet_type type);
  std::vector<reason_code> codes(packet_type type);

  connect make_connect();
  connack make_connack();
  publish make_publish();
  subscribe make_subscribe();
  disconnect make_disconnect();
  auth make_auth();

  template <class Acknowledgement>
  Acknowledgement make_acknowledgement(packet_type type) {
    Acknowledgement drawn{.packet_identifier = identifier()};
    if (is_v5()) drawn.reason_code = code(type);
    drawn.properties = properties(place_of(type));
    return drawn;
  }

  seeded_stream& draws_;
  protocol_version version_;
  sender from_;
};

/// Characters of one to four bytes, none of them a wildcard.
std::string generator::text(std::size_t characters_min) {
  static constexpr std::array<std::string_view, 9> characters = {
      "a", "/", "$", " ", "\x01", "\xc3\xa9", "\xe2\x82\xac", "\xef\xbb\xbf", "\xf0\x9f\x8c\x8d"};
  const std::size_t bytes_max = size(field_size_max);
  std::string drawn;
  for (std::size_t i = 0; i < characters_min || drawn.size() + 4 <= bytes_max; ++i) {
    drawn += characters[static_cast<std::size_t>(draws_.below(characters.size()))];
  }
  return drawn;
}

byte_buffer generator::binary(std::size_t size_max) {
  byte_buffer drawn(size(size_max));
  draws_.bytes(drawn);
  return drawn;
}

property_value generator::value(const property_info& info, property_place place) {
  const bool not_zero = info.values == property_values::not_zero;
  switch (info.type) {
    case property_type::byte:
      return static_cast<std::uint8_t>(draws_.below(2));
    case property_type::two_byte_integer:
      return not_zero ? identifier() : integer<std::uint16_t>();
    case property_type::four_byte_integer:
      return static_cast<std::uint32_t>(draws_.between(not_zero ? 1 : 0, 4'294'967'295));
    case property_type::variable_byte_integer:
      return static_cast<std::uint32_t>(draws_.between(1, std::int64_t{1} << draws_.below(28)));
    case property_type::utf8_string:
      return place == property_place::auth ? "method" : text();
    case property_type::binary_data:
      return binary();
    case property_type::utf8_string_pair: {
      std::string name = text();
      return string_pair{std::move(name), text()};
    }
  }
  return std::uint8_t{0};
}

property_list generator::properties(property_place place) {
  property_list drawn;
  if (!is_v5() || chance(0.3)) return drawn;
  for (const property_info& info : property_table) {
    if (!info.may_stand_in(place) || chance(0.5)) continue;
    if (from_ == sender::client && place == property_place::publish &&
        info.id == property_id::subscription_identifier) {
      continue;
    }
    if (from_ == sender::server && info.id == property_id::session_expiry_interval &&
        place == property_place::disconnect) {
      continue;
    }
    if (info.id == property_id::authentication_data &&
        !drawn.contains(property_id::authentication_method)) {
      continue;
    }
    const std::uint64_t count = info.may_repeat_in(place) ? 1 + draws_.below(4) : 1;
    for (std::uint64_t i = 0; i < count; ++i) drawn.add({info.id, value(info, place)});
  }
  return drawn;
}

reason_code generator::code(packet_type type) {
  for (;;) {
    const reason_code drawn =
        reason_codes()[static_cast<std::size_t>(draws_.below(reason_codes().size()))].code;
    if (may_stand_in(drawn, type, from_)) return drawn;
  }
}

std::vector<reason_code> generator::codes(packet_type type) {
  static constexpr std::array v3_1_1_codes = {
      reason_code::granted_qos_0, reason_code::granted_qos_1, reason_code::granted_qos_2,
      reason_code::unspecified_error};
  std::vector<reason_code> drawn;
  for (std::uint64_t left = 1 + draws_.below(5); left > 0; --left) {
    drawn.push_back(is_v5() ? code(type) : v3_1_1_codes[static_cast<std::size_t>(draws_.below(4))]);
  }
  return drawn;
}

connect generator::make_connect() {
  connect drawn{.protocol_version = version_,
                .client_id = text(),
                .clean_start = chance(0.5),
                .keep_alive_s = integer<std::uint16_t>(),
                .properties = properties(property_place::connect)};
  if (chance(0.5)) {
    drawn.will = will{.topic_name = topic_name(),
                      .payload = binary(),
                      .qos = any_qos(),
                      .retain = chance(0.5),
                      .properties = properties(property_place::will)};
  }
  if (chance(0.5)) drawn.user_name = text();
  if (chance(0.5) && (is_v5() || drawn.user_name)) drawn.password = binary();
  return drawn;
}

connack generator::make_connack() {
  connack drawn{.properties = properties(property_place::connack)};
  drawn.reason_code = is_v5() ? code(packet_type::connack)
                              : reason_code_of(static_cast<connect_return_code>(draws_.below(6)));
  drawn.session_present = drawn.reason_code == reason_code::success && chance(0.5);
  return drawn;
}

publish generator::make_publish() {
  publish drawn{.qos = any_qos(),
                .retain = chance(0.5),
                .topic_name = topic_name(),
                .properties = properties(property_place::publish),
                .payload = binary(300'000)};
  if (drawn.qos != qos::at_most_once) {
    drawn.dup = chance(0.5);
    drawn.packet_identifier = identifier();
  }
  if (drawn.properties.contains(property_id::topic_alias) && chance(0.5)) drawn.topic_name.clear();
  return drawn;
}

subscribe generator::make_subscribe() {
  subscribe drawn{.packet_identifier = identifier(),
                  .properties = properties(property_place::subscribe)};
  for (std::uint64_t left = 1 + draws_.below(4); left > 0; --left) {
    subscription wanted{text(1), {.maximum_qos = any_qos()}};
    if (is_v5()) {
      wanted.options.no_local = chance(0.5);
      wanted.options.retain_as_published = chance(0.5);
      wanted.options.retain_handling = static_cast<retain_handling>(draws_.below(3));
    }
    drawn.subscriptions.push_back(std::move(wanted));
  }
  return drawn;
}

disconnect generator::make_disconnect() {
  disconnect drawn{.properties = properties(property_place::disconnect)};
  if (is_v5()) drawn.reason_code = code(packet_type::disconnect);
  return drawn;
}

auth generator::make_auth() {
  auth drawn{.reason_code = code(packet_type::auth),
             .properties = properties(property_place::auth)};
  if (!drawn.properties.contains(property_id::authentication_method)) {
    drawn.properties.add(authentication_method("method"));
  }
  return drawn;
}

packet generator::make(packet_type type) {
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
      return unsubscribe{identifier(), {text(1), text(1)}, properties(property_place::unsubscribe)};
    case packet_type::unsuback:
      return unsuback{identifier(), is_v5() ? codes(type) : std::vector<reason_code>{},
                      properties(property_place::unsuback)};
    case packet_type::pingreq:
      return pingreq{};
    case packet_type::pingresp:
      return pingresp{};
    case packet_type::disconnect:
      return make_disconnect();
    case packet_type::auth:
      return make_auth();
  }
  GAUNTLET_ASSERT(false);
  return pingreq{};
}

/// Which end sends a type; both where both may.
sender sender_of(packet_type type, protocol_version version, seeded_stream& draws) {
  switch (type) {
    case packet_type::connect:
    case packet_type::subscribe:
    case packet_type::unsubscribe:
    case packet_type::pingreq:
      return sender::client;
    case packet_type::connack:
    case packet_type::suback:
    case packet_type::unsuback:
    case packet_type::pingresp:
      return sender::server;
    case packet_type::disconnect:
      if (version == protocol_version::v3_1_1) return sender::client;
      break;
    default:
      break;
  }
  return draws.chance(0.5) ? sender::client : sender::server;
}

}  // namespace

generated_packet generate_packet(seeded_stream& draws) {
  const auto version = draws.chance(0.7) ? protocol_version::v5 : protocol_version::v3_1_1;
  const auto last = version == protocol_version::v5 ? packet_type::auth : packet_type::disconnect;
  const auto type = static_cast<packet_type>(draws.between(1, static_cast<int>(last)));
  const sender from = sender_of(type, version, draws);
  return {version, from, generator(draws, version, from).make(type)};
}

}  // namespace gauntlet::mqtt
