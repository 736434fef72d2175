#pragma once

// The rules of the codec with the statements that lay them down. For ruling.cpp alone.

#include <cstdint>
#include <string_view>

#include "conformance/vectors/ruling.hpp"
#include "harness/mqtt/rules.hpp"

namespace gauntlet::conformance::ruling_table {

using mqtt::packet_type;

/// A set of packet types.
constexpr std::uint32_t bit(packet_type type) {
  return std::uint32_t{1} << static_cast<unsigned>(type);
}
inline constexpr std::uint32_t any = 0xFFFFFFFF;
inline constexpr std::uint32_t connect = bit(packet_type::connect);
inline constexpr std::uint32_t publish = bit(packet_type::publish);
inline constexpr std::uint32_t puback = bit(packet_type::puback);
inline constexpr std::uint32_t pubrec = bit(packet_type::pubrec);
inline constexpr std::uint32_t pubrel = bit(packet_type::pubrel);
inline constexpr std::uint32_t pubcomp = bit(packet_type::pubcomp);
inline constexpr std::uint32_t acknowledgement = puback | pubrec | pubrel | pubcomp;
inline constexpr std::uint32_t subscribe = bit(packet_type::subscribe);
inline constexpr std::uint32_t unsubscribe = bit(packet_type::unsubscribe);
inline constexpr std::uint32_t pingreq = bit(packet_type::pingreq);
inline constexpr std::uint32_t disconnect = bit(packet_type::disconnect);
inline constexpr std::uint32_t auth = bit(packet_type::auth);

/// What one version says.
struct said {
  std::string_view statements;  ///< ids, separated by blanks; empty: the version has no such rule
  detection refusal = detection::demanded;
};

/// One rule, for some packets and fields.
struct row {
  mqtt::rule rule;
  std::string_view subject;  ///< the field or property at fault; empty for any
  std::uint32_t packets;
  said v5;
  said v3_1_1;
};

inline constexpr detection demanded = detection::demanded;
inline constexpr detection expected = detection::expected;

namespace rules = mqtt::rules;

/// The first row that fits counts. Rules about one property are told by property_statements().
inline constexpr row rows[] = {
    // Text.
    {rules::well_formed_text,
     "Client Identifier",
     any,
     {"MQTT-1.5.4-1 PE-1.5.4-a MQTT-3.1.3-4"},
     {"MQTT-1.5.3-1 MQTT-3.1.3-4"}},
    {rules::well_formed_text,
     "Will Topic",
     any,
     {"MQTT-1.5.4-1 PE-1.5.4-a MQTT-3.1.3-11"},
     {"MQTT-1.5.3-1 MQTT-3.1.3-10"}},
    {rules::well_formed_text,
     "User Name",
     any,
     {"MQTT-1.5.4-1 PE-1.5.4-a MQTT-3.1.3-12"},
     {"MQTT-1.5.3-1 MQTT-3.1.3-11"}},
    {rules::well_formed_text,
     "Topic Name",
     any,
     {"MQTT-1.5.4-1 PE-1.5.4-a MQTT-3.3.2-1"},
     {"MQTT-1.5.3-1 MQTT-3.3.2-1"}},
    {rules::well_formed_text,
     "Topic Filter",
     subscribe,
     {"MQTT-1.5.4-1 PE-1.5.4-a MQTT-3.8.3-1"},
     {"MQTT-1.5.3-1 MQTT-3.8.3-1"}},
    {rules::well_formed_text,
     "Topic Filter",
     unsubscribe,
     {"MQTT-1.5.4-1 PE-1.5.4-a MQTT-3.10.3-1"},
     {"MQTT-1.5.3-1 MQTT-3.10.3-1"}},
    {rules::well_formed_text,
     "User Property",
     any,
     {"MQTT-1.5.4-1 PE-1.5.4-a MQTT-1.5.7-1 PE-1.5.7-a"},
     {}},
    {rules::well_formed_text, "Content Type", any, {"MQTT-1.5.4-1 PE-1.5.4-a MQTT-3.3.2-19"}, {}},
    {rules::well_formed_text, "Response Topic", any, {"MQTT-1.5.4-1 PE-1.5.4-a MQTT-3.3.2-13"}, {}},
    {rules::well_formed_text, "", any, {"MQTT-1.5.4-1 PE-1.5.4-a"}, {"MQTT-1.5.3-1"}},
    {rules::no_null_character,
     "User Property",
     any,
     {"MQTT-1.5.4-2 PE-1.5.4-b MQTT-1.5.7-1 PE-1.5.7-a"},
     {}},
    {rules::no_null_character,
     "Will Topic",
     any,
     {"MQTT-1.5.4-2 PE-1.5.4-b MQTT-4.7.3-2"},
     {"MQTT-1.5.3-2 MQTT-4.7.3-2"}},
    {rules::no_null_character,
     "Topic Name",
     any,
     {"MQTT-1.5.4-2 PE-1.5.4-b MQTT-4.7.3-2"},
     {"MQTT-1.5.3-2 MQTT-4.7.3-2"}},
    {rules::no_null_character,
     "Topic Filter",
     any,
     {"MQTT-1.5.4-2 PE-1.5.4-b MQTT-4.7.3-2"},
     {"MQTT-1.5.3-2 MQTT-4.7.3-2"}},
    {rules::no_null_character, "", any, {"MQTT-1.5.4-2 PE-1.5.4-b"}, {"MQTT-1.5.3-2"}},
    // Lengths.
    {rules::four_length_bytes, "", connect, {"PE-1.5.5-a MQTT-3.1.4-1"}, {"MQTT-3.1.4-1"}},
    {rules::four_length_bytes, "", any, {"PE-1.5.5-a", expected}, {"PR3-2.2.3-a"}},
    {rules::shortest_length, "", any, {"MQTT-1.5.5-1", expected}, {}},
    // Fixed header.
    {rules::known_type, "", any, {"PE-2.1.2-a", expected}, {"MQTT-4.8.0-1"}},
    {rules::direction, "", any, {"PE-2.1.2-b", expected}, {"MQTT-4.8.0-1"}},
    {rules::reserved_flags,
     "",
     connect,
     {"MQTT-2.1.3-1 PE-2.1.3-a MQTT-3.1.4-1"},
     {"MQTT-2.2.2-2 MQTT-3.1.4-1"}},
    {rules::reserved_flags,
     "",
     pubrel,
     {"MQTT-2.1.3-1 PE-2.1.3-a MQTT-3.6.1-1"},
     {"MQTT-2.2.2-2 MQTT-3.6.1-1"}},
    {rules::reserved_flags,
     "",
     subscribe,
     {"MQTT-2.1.3-1 PE-2.1.3-a MQTT-3.8.1-1"},
     {"MQTT-2.2.2-2 MQTT-3.8.1-1"}},
    {rules::reserved_flags,
     "",
     unsubscribe,
     {"MQTT-2.1.3-1 PE-2.1.3-a MQTT-3.10.1-1"},
     {"MQTT-2.2.2-2 MQTT-3.10.1-1"}},
    {rules::reserved_flags,
     "",
     disconnect,
     {"MQTT-2.1.3-1 PE-2.1.3-a MQTT-3.14.1-1"},
     {"MQTT-2.2.2-2 MQTT-3.14.1-1"}},
    {rules::reserved_flags, "", auth, {"MQTT-2.1.3-1 PE-2.1.3-a MQTT-3.15.1-1"}, {}},
    {rules::reserved_flags, "", any, {"MQTT-2.1.3-1 PE-2.1.3-a"}, {"MQTT-2.2.2-2"}},
    // Fields that do not add up to the Remaining Length.
    {rules::fields_fit, "", connect, {"PE-2.1.4-a MQTT-3.1.4-1"}, {"MQTT-3.1.4-1"}},
    {rules::fields_fill, "", connect, {"PE-3.1.3-a MQTT-3.1.4-1"}, {"MQTT-3.1.4-1"}},
    {rules::fields_fit, "", acknowledgement, {"PE-2.1.4-a", expected}, {"PR3-3.4.1-a"}},
    {rules::fields_fit, "", any, {"PE-2.1.4-a", expected}, {"MQTT-4.8.0-1"}},
    {rules::fields_fill,
     "",
     pingreq,
     {"PE-3.12.1-a PE-2.1.4-a", expected},
     {"PR3-3.4.1-a", expected}},
    {rules::fields_fill,
     "",
     acknowledgement | disconnect,
     {"PE-2.1.4-a", expected},
     {"PR3-3.4.1-a", expected}},
    {rules::fields_fill, "", any, {"PE-2.1.4-a", expected}, {"MQTT-4.8.0-1"}},
    {rules::identifier_not_zero,
     "Packet Identifier",
     publish | subscribe | unsubscribe,
     {"MQTT-2.2.1-3 PE-2.2.1-a", expected},
     {"MQTT-2.3.1-1"}},
    {rules::identifier_not_zero,
     "Packet Identifier",
     any,
     {"PE-2.2.1-a", expected},
     {"MQTT-2.3.1-6", expected}},
    // CONNECT.
    {rules::connect_flag_reserved, "", any, {"MQTT-3.1.2-3 PE-3.1.2.3-a"}, {"MQTT-3.1.2-3"}},
    {rules::will_qos_range, "Will QoS", any, {"MQTT-3.1.2-12 PE-3.1.2.6-a"}, {"MQTT-3.1.2-14"}},
    {rules::will_qos_needs_will,
     "Will QoS",
     any,
     {"MQTT-3.1.2-11 MQTT-3.1.4-1"},
     {"MQTT-3.1.2-13 MQTT-3.1.4-1"}},
    {rules::will_retain_needs_will,
     "Will Retain",
     any,
     {"MQTT-3.1.2-13 MQTT-3.1.4-1"},
     {"MQTT-3.1.2-15 MQTT-3.1.4-1"}},
    {rules::password_needs_user_name, "", any, {}, {"MQTT-3.1.2-22 MQTT-3.1.4-1"}},
    {rules::topic_not_empty,
     "Will Topic",
     any,
     {"MQTT-4.7.3-1 PE-3.1.3.3-a", expected},
     {"MQTT-4.7.3-1", expected}},
    {rules::topic_wildcard,
     "Will Topic",
     any,
     {"MQTT-4.7.0-1 PE-3.1.3.3-a", expected},
     {"MQTT-4.7.1-1", expected}},
    // PUBLISH.
    {rules::publish_qos_range, "", any, {"MQTT-3.3.1-4 PE-3.3.1.2-a"}, {"MQTT-3.3.1-4"}},
    {rules::dup_needs_qos, "", any, {"MQTT-3.3.1-2", expected}, {"MQTT-3.3.1-2", expected}},
    {rules::topic_or_alias, "", any, {"PE-3.3.2.1-a"}, {}},
    {rules::topic_not_empty, "", any, {"MQTT-4.7.3-1"}, {"MQTT-4.7.3-1 MQTT-4.8.0-1"}},
    {rules::topic_wildcard,
     "Topic Name",
     any,
     {"MQTT-3.3.2-2", expected},
     {"MQTT-3.3.2-2 MQTT-4.8.0-1"}},
    // SUBSCRIBE and UNSUBSCRIBE.
    {rules::one_subscription, "", subscribe, {"MQTT-3.8.3-2 PE-3.8.3-a"}, {"MQTT-3.8.3-3"}},
    {rules::one_filter, "", unsubscribe, {"MQTT-3.10.3-2 PE-3.10.3-a"}, {"MQTT-3.10.3-2"}},
    {rules::options_reserved, "", any, {"MQTT-3.8.3-5"}, {"MQTT-3.8.3-4"}},
    {rules::maximum_qos_range, "Maximum QoS", any, {"PE-3.8.3.1-a"}, {}},
    {rules::requested_qos_range_v3_1_1, "Requested QoS", any, {}, {"MQTT-3.8.3-4"}},
    {rules::retain_handling_range, "Retain Handling", any, {"PE-3.8.3.1-b"}, {}},
    {rules::no_local_shared, "", any, {"MQTT-3.8.3-4"}, {}},
    // Reason Codes.
    {rules::code_allowed, "", puback, {"MQTT-3.4.2-1 PE-3.4.2.1-a", expected}, {}},
    {rules::code_allowed, "", pubrec, {"MQTT-3.5.2-1 PE-3.4.2.1-a", expected}, {}},
    {rules::code_allowed, "", pubrel, {"MQTT-3.6.2-1 PE-3.4.2.1-a", expected}, {}},
    {rules::code_allowed, "", pubcomp, {"MQTT-3.7.2-1 PE-3.4.2.1-a", expected}, {}},
    {rules::code_allowed, "", disconnect, {"MQTT-3.14.2-1 PE-3.14.2.1-a", expected}, {}},
    // Properties as such.
    {rules::properties_fit, "", connect, {"PE-2.2.2.1-a MQTT-3.1.4-1"}, {}},
    {rules::properties_fit, "", any, {"PE-2.2.2.1-a", expected}, {}},
    {rules::property_fits, "", connect, {"PE-2.2.2.1-a MQTT-3.1.4-1"}, {}},
    {rules::property_fits, "", any, {"PE-2.2.2.1-a", expected}, {}},
    {rules::property_known, "", any, {"PE-2.2.2.2-l"}, {}},
    {rules::property_at_home, "", connect, {"PE-2.2.2.2-a"}, {}},
    {rules::property_at_home, "", publish, {"PE-2.2.2.2-c"}, {}},
    {rules::property_at_home, "", puback, {"PE-2.2.2.2-d"}, {}},
    {rules::property_at_home, "", pubrec, {"PE-2.2.2.2-e"}, {}},
    {rules::property_at_home, "", pubrel, {"PE-2.2.2.2-f"}, {}},
    {rules::property_at_home, "", pubcomp, {"PE-2.2.2.2-g"}, {}},
    {rules::property_at_home, "", subscribe, {"PE-2.2.2.2-h"}, {}},
    {rules::property_at_home, "", unsubscribe, {"PE-2.2.2.2-i"}, {}},
    {rules::property_at_home, "", disconnect, {"PE-2.2.2.2-j"}, {}},
    {rules::identifier_from_client, "", any, {"MQTT-3.3.4-6 PE-3.3.4-f"}, {}},
    {rules::alias_not_zero, "Topic Alias", any, {"MQTT-3.3.2-8 PE-3.3.4-a"}, {}},
    {rules::data_without_method, "", any, {"PE-3.1.2.11.10-a"}, {}},
};

/// A rule about one property at one place, by the section that describes it there. Only 5.0 has
/// properties.
struct property_row {
  mqtt::rule rule;
  std::string_view section;
  said v5;
};

/// Where the section's first entry (PE-<section>-a) does not say it, or does not state it.
inline constexpr property_row property_rows[] = {
    {rules::property_once, "3.1.2.11.10", {"PE-3.1.2.11.10-b"}},
    {rules::property_once, "3.8.2.1.2", {"PE-3.8.2.1.2-b"}},
    {rules::property_once, "3.3.2.3.2", {"PE-3.3.2.3.2-a", expected}},
    {rules::property_once, "3.3.2.3.3", {"PE-3.3.2.3.3-a", expected}},
    {rules::property_not_zero, "3.1.2.11.3", {"PE-3.1.2.11.3-b"}},
    {rules::property_not_zero, "3.1.2.11.4", {"PE-3.1.2.11.4-b"}},
    {rules::property_not_zero, "3.8.2.1.2", {"PE-3.8.2.1.2-a"}},
    {rules::property_zero_or_one, "3.1.2.11.6", {"PE-3.1.2.11.6-b"}},
    {rules::property_zero_or_one, "3.1.2.11.7", {"PE-3.1.2.11.7-b"}},
    {rules::property_zero_or_one, "3.3.2.3.2", {"PE-3.3.2.3.2-b", expected}},
    {rules::property_zero_or_one, "3.1.3.2.3", {"PE-3.1.3.2.3-b", expected}},
    {rules::response_topic_wildcard, "3.3.2.3.5", {"MQTT-3.3.2-14", expected}},
    {rules::response_topic_wildcard, "3.1.3.2.6", {"PE-3.1.3.2.6-b", expected}},
};

}  // namespace gauntlet::conformance::ruling_table
