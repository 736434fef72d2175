#include "harness/mqtt/property_table.hpp"
#include "tests/unit/mqtt/golden_packets.hpp"

namespace gauntlet::mqtt {

namespace {

constexpr auto v5 = protocol_version::v5;

/// A property in both forms.
struct golden_property {
  property_id id;
  byte_buffer bytes;
  property value;
};

/// One row for each row of the property table.
std::vector<golden_property> properties() {
  using id = property_id;
  return {
      {id::payload_format_indicator, wire("01 01"), payload_format_indicator(1)},
      {id::message_expiry_interval, wire("02 00 01 51 80"), message_expiry_interval(86400)},
      {id::content_type, wire("03 00 04 'json'"), content_type("json")},
      {id::response_topic, wire("08 00 03 'r/t'"), response_topic("r/t")},
      {id::correlation_data, wire("09 00 02 00 ff"), correlation_data({0x00, 0xff})},
      {id::subscription_identifier, wire("0b ff ff ff 7f"), subscription_identifier(268435455)},
      {id::session_expiry_interval, wire("11 ff ff ff ff"), session_expiry_interval(4294967295)},
      {id::assigned_client_identifier, wire("12 00 02 'id'"), assigned_client_identifier("id")},
      {id::server_keep_alive, wire("13 00 3c"), server_keep_alive(60)},
      {id::authentication_method, wire("15 00 01 'm'"), authentication_method("m")},
      {id::authentication_data, wire("16 00 00"), authentication_data({})},
      {id::request_problem_information, wire("17 00"), request_problem_information(0)},
      {id::will_delay_interval, wire("18 00 00 00 0a"), will_delay_interval(10)},
      {id::request_response_information, wire("19 01"), request_response_information(1)},
      {id::response_information, wire("1a 00 02 'ri'"), response_information("ri")},
      {id::server_reference, wire("1c 00 03 'b:1'"), server_reference("b:1")},
      {id::reason_string, wire("1f 00 03 'why'"), reason_string("why")},
      {id::receive_maximum, wire("21 ff ff"), receive_maximum(65535)},
      {id::topic_alias_maximum, wire("22 00 0a"), topic_alias_maximum(10)},
      {id::topic_alias, wire("23 00 01"), topic_alias(1)},
      {id::maximum_qos, wire("24 01"), maximum_qos(1)},
      {id::retain_available, wire("25 00"), retain_available(0)},
      {id::user_property, wire("26 00 01 'k' 00 00"), user_property("k", "")},
      {id::maximum_packet_size, wire("27 00 00 10 00"), maximum_packet_size(4096)},
      {id::wildcard_subscription_available, wire("28 00"), wildcard_subscription_available(0)},
      {id::subscription_identifier_available, wire("29 01"), subscription_identifier_available(1)},
      {id::shared_subscription_available, wire("2a 01"), shared_subscription_available(1)},
  };
}

/// A packet around one list of properties: the bytes before and after it.
struct frame {
  property_place place;
  sender from;
  std::uint8_t first_byte;
  byte_buffer before;
  byte_buffer after;
  packet (*make)(property_list);
};

std::vector<frame> frames() {
  using in = property_place;
  constexpr auto client = sender::client;
  constexpr auto server = sender::server;
  return {
      {in::connect, client, 0x10, wire("00 04 'MQTT' 05 02 00 00"), wire("00 01 'c'"),
       [](property_list list) -> packet {
         return connect{.client_id = "c", .properties = std::move(list)};
       }},
      {in::will, client, 0x10, wire("00 04 'MQTT' 05 06 00 00 00 00 01 'c'"),
       wire("00 01 'w' 00 00"),
       [](property_list list) -> packet {
         return connect{.client_id = "c",
                        .will = will{.topic_name = "w", .properties = std::move(list)}};
       }},
      {in::connack,
       server,
       0x20,
       wire("00 00"),
       {},
       [](property_list list) -> packet { return connack{.properties = std::move(list)}; }},
      {in::publish, server, 0x30, wire("00 01 't'"), wire("'x'"),
       [](property_list list) -> packet {
         return publish{.topic_name = "t", .properties = std::move(list), .payload = {'x'}};
       }},
      {in::puback,
       client,
       0x40,
       wire("00 01 00"),
       {},
       [](property_list list) -> packet {
         return puback{.packet_identifier = 1, .properties = std::move(list)};
       }},
      {in::pubrec,
       client,
       0x50,
       wire("00 01 00"),
       {},
       [](property_list list) -> packet {
         return pubrec{.packet_identifier = 1, .properties = std::move(list)};
       }},
      {in::pubrel,
       server,
       0x62,
       wire("00 01 00"),
       {},
       [](property_list list) -> packet {
         return pubrel{.packet_identifier = 1, .properties = std::move(list)};
       }},
      {in::pubcomp,
       server,
       0x70,
       wire("00 01 00"),
       {},
       [](property_list list) -> packet {
         return pubcomp{.packet_identifier = 1, .properties = std::move(list)};
       }},
      {in::subscribe, client, 0x82, wire("00 01"), wire("00 01 't' 00"),
       [](property_list list) -> packet {
         return subscribe{
             .packet_identifier = 1, .subscriptions = {{"t", {}}}, .properties = std::move(list)};
       }},
      {in::suback, server, 0x90, wire("00 01"), wire("00"),
       [](property_list list) -> packet {
         return suback{.packet_identifier = 1,
                       .reason_codes = {reason_code::granted_qos_0},
                       .properties = std::move(list)};
       }},
      {in::unsubscribe, client, 0xa2, wire("00 01"), wire("00 01 't'"),
       [](property_list list) -> packet {
         return unsubscribe{
             .packet_identifier = 1, .topic_filters = {"t"}, .properties = std::move(list)};
       }},
      {in::unsuback, server, 0xb0, wire("00 01"), wire("00"),
       [](property_list list) -> packet {
         return unsuback{.packet_identifier = 1,
                         .reason_codes = {reason_code::success},
                         .properties = std::move(list)};
       }},
      {in::disconnect,
       client,
       0xe0,
       wire("00"),
       {},
       [](property_list list) -> packet { return disconnect{.properties = std::move(list)}; }},
      {in::auth,
       server,
       0xf0,
       wire("00"),
       {},
       [](property_list list) -> packet { return auth{.properties = std::move(list)}; }},
  };
}

/// What has to stand beside a property to make the packet legal.
golden_property companion_of(property_id id, property_place place) {
  const bool needs_method =
      place == property_place::auth
          ? id != property_id::authentication_method
          : place == property_place::connect && id == property_id::authentication_data;
  if (!needs_method) return {};
  return {property_id::authentication_method, wire("15 00 01 'm'"), authentication_method("m")};
}

golden_packet put(const golden_property& item, const frame& around) {
  const golden_property companion = companion_of(item.id, around.place);
  byte_buffer body = around.before;
  body.push_back(static_cast<std::uint8_t>(companion.bytes.size() + item.bytes.size()));
  for (const byte_buffer* part : {&companion.bytes, &item.bytes, &around.after}) {
    body.insert(body.end(), part->begin(), part->end());
  }
  byte_buffer bytes = {around.first_byte, static_cast<std::uint8_t>(body.size())};
  bytes.insert(bytes.end(), body.begin(), body.end());
  property_list list;
  if (!companion.bytes.empty()) list.add(companion.value);
  list.add(item.value);
  const std::string name =
      "v5 " + std::string(info_of(item.id).name) + " in " + std::string(place_name(around.place));
  return {name, v5, around.from, std::move(bytes), around.make(std::move(list))};
}

}  // namespace

std::vector<golden_packet> golden_properties() {
  std::vector<golden_packet> all;
  for (const golden_property& item : properties()) {
    for (const frame& around : frames()) {
      if (info_of(item.id).may_stand_in(around.place)) all.push_back(put(item, around));
    }
  }
  return all;
}

}  // namespace gauntlet::mqtt
