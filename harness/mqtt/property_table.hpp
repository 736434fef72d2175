#pragma once

// The one table of MQTT 5.0 properties (§2.2.2.2): identifier, name, data type, what values it may
// take, and where it may stand. Decoding, encoding, typed access and tests all read this table.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "harness/mqtt/protocol.hpp"

namespace gauntlet::mqtt {

/// Property identifiers. MQTT 5.0 §2.2.2.2, Table 2-4
enum class property_id : std::uint8_t {
  payload_format_indicator = 0x01,
  message_expiry_interval = 0x02,
  content_type = 0x03,
  response_topic = 0x08,
  correlation_data = 0x09,
  subscription_identifier = 0x0B,
  session_expiry_interval = 0x11,
  assigned_client_identifier = 0x12,
  server_keep_alive = 0x13,
  authentication_method = 0x15,
  authentication_data = 0x16,
  request_problem_information = 0x17,
  will_delay_interval = 0x18,
  request_response_information = 0x19,
  response_information = 0x1A,
  server_reference = 0x1C,
  reason_string = 0x1F,
  receive_maximum = 0x21,
  topic_alias_maximum = 0x22,
  topic_alias = 0x23,
  maximum_qos = 0x24,
  retain_available = 0x25,
  user_property = 0x26,
  maximum_packet_size = 0x27,
  wildcard_subscription_available = 0x28,
  subscription_identifier_available = 0x29,
  shared_subscription_available = 0x2A,
};

/// How the value of a property looks on the wire. MQTT 5.0 §1.5
enum class property_type : std::uint8_t {
  byte,
  two_byte_integer,
  four_byte_integer,
  variable_byte_integer,
  utf8_string,
  binary_data,
  utf8_string_pair,
};

/// What the standard asks of a value beyond its data type.
enum class property_values : std::uint8_t {
  any,
  zero_or_one,
  not_zero,
  topic_name,  ///< no wildcard characters
};

/// A list of properties: that of a packet (same value as its packet_type), or of the will.
enum class property_place : std::uint8_t {
  will = 0,
  connect = 1,
  connack = 2,
  publish = 3,
  puback = 4,
  pubrec = 5,
  pubrel = 6,
  pubcomp = 7,
  subscribe = 8,
  suback = 9,
  unsubscribe = 10,
  unsuback = 11,
  disconnect = 14,
  auth = 15,
};

/// The place of the properties of a packet; PINGREQ and PINGRESP have none.
constexpr property_place place_of(packet_type type) noexcept {
  return static_cast<property_place>(type);
}

/// "will properties", or the packet's name.
std::string_view place_name(property_place place) noexcept;

/// The section of the standard that describes a property at one of its places.
struct property_home {
  property_place place;
  std::string_view section;
};

/// One row of the table.
struct property_info {
  static constexpr std::size_t homes_max = 14;

  property_id id;
  std::string_view name;  ///< in the standard's words
  property_type type;
  property_values values;
  std::array<property_home, homes_max> homes;
  std::uint8_t home_count;

  /// The section that describes the property at `place`; empty if it may not stand there.
  constexpr std::string_view section_in(property_place place) const noexcept {
    for (std::size_t i = 0; i < home_count; ++i) {
      if (homes[i].place == place) return homes[i].section;
    }
    return {};
  }
  /// Whether the property may stand at `place`.
  constexpr bool may_stand_in(property_place place) const noexcept {
    return !section_in(place).empty();
  }
  /// Whether it may stand there more than once: User Property anywhere, Subscription Identifier in
  /// PUBLISH. MQTT 5.0 §3.3.2.3.8
  constexpr bool may_repeat_in(property_place place) const noexcept {
    return id == property_id::user_property ||
           (id == property_id::subscription_identifier && place == property_place::publish);
  }
};

namespace detail::table {

template <std::size_t N>
constexpr property_info property_row(property_id id, std::string_view name, property_type type,
                                     property_values values, const property_home (&homes)[N]) {
  static_assert(N <= property_info::homes_max);
  property_info row{id, name, type, values, {}, static_cast<std::uint8_t>(N)};
  for (std::size_t i = 0; i < N; ++i) row.homes[i] = homes[i];
  return row;
}

using id = property_id;
using type = property_type;
using values = property_values;
using in = property_place;

inline constexpr std::array property_table = {
    property_row(id::payload_format_indicator, "Payload Format Indicator", type::byte,
                 values::zero_or_one, {{in::publish, "3.3.2.3.2"}, {in::will, "3.1.3.2.3"}}),
    property_row(id::message_expiry_interval, "Message Expiry Interval", type::four_byte_integer,
                 values::any, {{in::publish, "3.3.2.3.3"}, {in::will, "3.1.3.2.4"}}),
    property_row(id::content_type, "Content Type", type::utf8_string, values::any,
                 {{in::publish, "3.3.2.3.9"}, {in::will, "3.1.3.2.5"}}),
    property_row(id::response_topic, "Response Topic", type::utf8_string, values::topic_name,
                 {{in::publish, "3.3.2.3.5"}, {in::will, "3.1.3.2.6"}}),
    property_row(id::correlation_data, "Correlation Data", type::binary_data, values::any,
                 {{in::publish, "3.3.2.3.6"}, {in::will, "3.1.3.2.7"}}),
    property_row(id::subscription_identifier, "Subscription Identifier",
                 type::variable_byte_integer, values::not_zero,
                 {{in::publish, "3.3.2.3.8"}, {in::subscribe, "3.8.2.1.2"}}),
    property_row(
        id::session_expiry_interval, "Session Expiry Interval", type::four_byte_integer,
        values::any,
        {{in::connect, "3.1.2.11.2"}, {in::connack, "3.2.2.3.2"}, {in::disconnect, "3.14.2.2.2"}}),
    property_row(id::assigned_client_identifier, "Assigned Client Identifier", type::utf8_string,
                 values::any, {{in::connack, "3.2.2.3.7"}}),
    property_row(id::server_keep_alive, "Server Keep Alive", type::two_byte_integer, values::any,
                 {{in::connack, "3.2.2.3.14"}}),
    property_row(
        id::authentication_method, "Authentication Method", type::utf8_string, values::any,
        {{in::connect, "3.1.2.11.9"}, {in::connack, "3.2.2.3.17"}, {in::auth, "3.15.2.2.2"}}),
    property_row(
        id::authentication_data, "Authentication Data", type::binary_data, values::any,
        {{in::connect, "3.1.2.11.10"}, {in::connack, "3.2.2.3.18"}, {in::auth, "3.15.2.2.3"}}),
    property_row(id::request_problem_information, "Request Problem Information", type::byte,
                 values::zero_or_one, {{in::connect, "3.1.2.11.7"}}),
    property_row(id::will_delay_interval, "Will Delay Interval", type::four_byte_integer,
                 values::any, {{in::will, "3.1.3.2.2"}}),
    property_row(id::request_response_information, "Request Response Information", type::byte,
                 values::zero_or_one, {{in::connect, "3.1.2.11.6"}}),
    property_row(id::response_information, "Response Information", type::utf8_string, values::any,
                 {{in::connack, "3.2.2.3.15"}}),
    property_row(id::server_reference, "Server Reference", type::utf8_string, values::any,
                 {{in::connack, "3.2.2.3.16"}, {in::disconnect, "3.14.2.2.5"}}),
    property_row(id::reason_string, "Reason String", type::utf8_string, values::any,
                 {{in::connack, "3.2.2.3.9"},
                  {in::puback, "3.4.2.2.2"},
                  {in::pubrec, "3.5.2.2.2"},
                  {in::pubrel, "3.6.2.2.2"},
                  {in::pubcomp, "3.7.2.2.2"},
                  {in::suback, "3.9.2.1.2"},
                  {in::unsuback, "3.11.2.1.2"},
                  {in::disconnect, "3.14.2.2.3"},
                  {in::auth, "3.15.2.2.4"}}),
    property_row(id::receive_maximum, "Receive Maximum", type::two_byte_integer, values::not_zero,
                 {{in::connect, "3.1.2.11.3"}, {in::connack, "3.2.2.3.3"}}),
    property_row(id::topic_alias_maximum, "Topic Alias Maximum", type::two_byte_integer,
                 values::any, {{in::connect, "3.1.2.11.5"}, {in::connack, "3.2.2.3.8"}}),
    property_row(id::topic_alias, "Topic Alias", type::two_byte_integer, values::not_zero,
                 {{in::publish, "3.3.2.3.4"}}),
    property_row(id::maximum_qos, "Maximum QoS", type::byte, values::zero_or_one,
                 {{in::connack, "3.2.2.3.4"}}),
    property_row(id::retain_available, "Retain Available", type::byte, values::zero_or_one,
                 {{in::connack, "3.2.2.3.5"}}),
    property_row(id::user_property, "User Property", type::utf8_string_pair, values::any,
                 {{in::connect, "3.1.2.11.8"},
                  {in::will, "3.1.3.2.8"},
                  {in::connack, "3.2.2.3.10"},
                  {in::publish, "3.3.2.3.7"},
                  {in::puback, "3.4.2.2.3"},
                  {in::pubrec, "3.5.2.2.3"},
                  {in::pubrel, "3.6.2.2.3"},
                  {in::pubcomp, "3.7.2.2.3"},
                  {in::subscribe, "3.8.2.1.3"},
                  {in::suback, "3.9.2.1.3"},
                  {in::unsubscribe, "3.10.2.1.2"},
                  {in::unsuback, "3.11.2.1.3"},
                  {in::disconnect, "3.14.2.2.4"},
                  {in::auth, "3.15.2.2.5"}}),
    property_row(id::maximum_packet_size, "Maximum Packet Size", type::four_byte_integer,
                 values::not_zero, {{in::connect, "3.1.2.11.4"}, {in::connack, "3.2.2.3.6"}}),
    property_row(id::wildcard_subscription_available, "Wildcard Subscription Available", type::byte,
                 values::zero_or_one, {{in::connack, "3.2.2.3.11"}}),
    property_row(id::subscription_identifier_available, "Subscription Identifier Available",
                 type::byte, values::zero_or_one, {{in::connack, "3.2.2.3.12"}}),
    property_row(id::shared_subscription_available, "Shared Subscription Available", type::byte,
                 values::zero_or_one, {{in::connack, "3.2.2.3.13"}}),
};

}  // namespace detail::table

/// All properties, in ascending order of their identifiers.
using detail::table::property_table;

namespace detail {

/// Identifier -> row number + 1; 0 where no property has the identifier.
inline constexpr auto property_rows = [] {
  std::array<std::uint8_t, 0x2B> rows{};
  for (std::size_t i = 0; i < property_table.size(); ++i) {
    rows[static_cast<std::size_t>(property_table[i].id)] = static_cast<std::uint8_t>(i + 1);
  }
  return rows;
}();

}  // namespace detail

/// The row of an identifier, or null if the standard defines no such property.
constexpr const property_info* find_property_info(std::uint32_t id) noexcept {
  if (id >= detail::property_rows.size() || detail::property_rows[id] == 0) return nullptr;
  return &property_table[detail::property_rows[id] - 1U];
}

/// The row of a property that the enumeration names.
constexpr const property_info& info_of(property_id id) noexcept {
  return *find_property_info(static_cast<std::uint32_t>(id));
}

}  // namespace gauntlet::mqtt
