#pragma once

// Which error of a client each defect of the lists tolerated_input and tolerated_properties lets
// pass, and what the broker takes in place of the packet. For tolerated_input.cpp alone.

#include <cstdint>
#include <string_view>

#include "harness/broker/defects.hpp"
#include "harness/broker/mending.hpp"
#include "harness/mqtt/rules.hpp"

namespace gauntlet::broker {

/// One error that a defect lets pass. Rules that say the same differ by subject or packet.
struct tolerated_error {
  mqtt::rule rule;
  std::string_view subject;  ///< the field or property at fault; empty for any
  std::uint32_t packets;     ///< bits of `in`: where the error may stand
  defect which;
  mending::mend mend;
};

/// Sets of places where an error may stand. Will Properties count as a place of their own.
namespace in {
constexpr std::uint32_t bit(mqtt::packet_type type) {
  return std::uint32_t{1} << static_cast<unsigned>(type);
}
inline constexpr std::uint32_t reserved = 1;  // packet type 0
inline constexpr std::uint32_t connect = bit(mqtt::packet_type::connect);
inline constexpr std::uint32_t connack = bit(mqtt::packet_type::connack);
inline constexpr std::uint32_t publish = bit(mqtt::packet_type::publish);
inline constexpr std::uint32_t puback = bit(mqtt::packet_type::puback);
inline constexpr std::uint32_t pubrec = bit(mqtt::packet_type::pubrec);
inline constexpr std::uint32_t pubrel = bit(mqtt::packet_type::pubrel);
inline constexpr std::uint32_t pubcomp = bit(mqtt::packet_type::pubcomp);
inline constexpr std::uint32_t subscribe = bit(mqtt::packet_type::subscribe);
inline constexpr std::uint32_t suback = bit(mqtt::packet_type::suback);
inline constexpr std::uint32_t unsubscribe = bit(mqtt::packet_type::unsubscribe);
inline constexpr std::uint32_t unsuback = bit(mqtt::packet_type::unsuback);
inline constexpr std::uint32_t pingreq = bit(mqtt::packet_type::pingreq);
inline constexpr std::uint32_t pingresp = bit(mqtt::packet_type::pingresp);
inline constexpr std::uint32_t disconnect = bit(mqtt::packet_type::disconnect);
inline constexpr std::uint32_t auth = bit(mqtt::packet_type::auth);
inline constexpr std::uint32_t will = 1U << 16U;
inline constexpr std::uint32_t acknowledgement = puback | pubrec | pubrel | pubcomp;
inline constexpr std::uint32_t anywhere = 0xFFFFFFFF;
}  // namespace in

namespace detail::tolerated {

namespace rules = mqtt::rules;
using namespace mending;

inline constexpr tolerated_error table[] = {
    // Text with ill-formed UTF-8.
    {rules::well_formed_text, "Client Identifier", in::connect,
     defect::accept_ill_formed_client_identifier, with_question_mark},
    {rules::well_formed_text, "Will Topic", in::connect, defect::accept_ill_formed_will_topic,
     with_question_mark},
    {rules::well_formed_text, "User Name", in::connect, defect::accept_ill_formed_user_name,
     with_question_mark},
    {rules::well_formed_text, "Topic Name", in::publish, defect::accept_ill_formed_topic_name,
     with_question_mark},
    {rules::well_formed_text, "Topic Filter", in::subscribe, defect::accept_ill_formed_topic_filter,
     with_question_mark},
    {rules::well_formed_text, "Topic Filter", in::unsubscribe,
     defect::accept_ill_formed_unsubscribe_filter, with_question_mark},
    {rules::well_formed_text, "User Property", in::anywhere,
     defect::accept_ill_formed_user_property, with_question_mark},
    {rules::well_formed_text, "Content Type", in::anywhere, defect::accept_ill_formed_content_type,
     with_question_mark},
    {rules::well_formed_text, "Response Topic", in::anywhere,
     defect::accept_ill_formed_response_topic, with_question_mark},
    {rules::well_formed_text, "Reason String", in::anywhere,
     defect::accept_ill_formed_reason_string, with_question_mark},
    // Text with U+0000.
    {rules::no_null_character, "Client Identifier", in::connect,
     defect::accept_null_in_client_identifier, with_question_mark},
    {rules::no_null_character, "Will Topic", in::connect, defect::accept_null_in_will_topic,
     with_question_mark},
    {rules::no_null_character, "User Name", in::connect, defect::accept_null_in_user_name,
     with_question_mark},
    {rules::no_null_character, "Topic Name", in::publish, defect::accept_null_in_topic_name,
     with_question_mark},
    {rules::no_null_character, "Topic Filter", in::subscribe, defect::accept_null_in_topic_filter,
     with_question_mark},
    {rules::no_null_character, "Topic Filter", in::unsubscribe,
     defect::accept_null_in_unsubscribe_filter, with_question_mark},
    {rules::no_null_character, "User Property", in::anywhere, defect::accept_null_in_user_property,
     with_question_mark},
    {rules::no_null_character, "Content Type", in::anywhere, defect::accept_null_in_content_type,
     with_question_mark},
    {rules::no_null_character, "Response Topic", in::anywhere,
     defect::accept_null_in_response_topic, with_question_mark},
    {rules::no_null_character, "Reason String", in::anywhere, defect::accept_null_in_reason_string,
     with_question_mark},
    // Fixed header.
    {rules::shortest_length, "Remaining Length", in::anywhere, defect::accept_long_remaining_length,
     with_shortest_form},
    {rules::shortest_length, "Property Length", in::anywhere, defect::accept_long_property_length,
     with_shortest_form},
    {rules::shortest_length, "Subscription Identifier", in::subscribe,
     defect::accept_long_subscription_identifier, with_shortest_form},
    {rules::known_type, "", in::reserved, defect::accept_packet_type_0, ignored},
    {rules::known_type, "", in::auth, defect::accept_packet_type_15, ignored},
    {rules::direction, "", in::connack, defect::accept_connack_from_client, ignored},
    {rules::direction, "", in::suback, defect::accept_suback_from_client, ignored},
    {rules::direction, "", in::unsuback, defect::accept_unsuback_from_client, ignored},
    {rules::direction, "", in::pingresp, defect::accept_pingresp_from_client, ignored},
    {rules::reserved_flags, "", in::connect, defect::accept_reserved_flags_of_connect,
     with_listed_flags},
    {rules::reserved_flags, "", in::puback, defect::accept_reserved_flags_of_puback,
     with_listed_flags},
    {rules::reserved_flags, "", in::pubrec, defect::accept_reserved_flags_of_pubrec,
     with_listed_flags},
    {rules::reserved_flags, "", in::pubrel, defect::accept_reserved_flags_of_pubrel,
     with_listed_flags},
    {rules::reserved_flags, "", in::pubcomp, defect::accept_reserved_flags_of_pubcomp,
     with_listed_flags},
    {rules::reserved_flags, "", in::subscribe, defect::accept_reserved_flags_of_subscribe,
     with_listed_flags},
    {rules::reserved_flags, "", in::unsubscribe, defect::accept_reserved_flags_of_unsubscribe,
     with_listed_flags},
    {rules::reserved_flags, "", in::pingreq, defect::accept_reserved_flags_of_pingreq,
     with_listed_flags},
    {rules::reserved_flags, "", in::disconnect, defect::accept_reserved_flags_of_disconnect,
     ignored},
    {rules::reserved_flags, "", in::auth, defect::accept_reserved_flags_of_auth, ignored},
    // Fields and Remaining Length.
    {rules::fields_fit, "User Name", in::connect, defect::accept_missing_user_name,
     without_user_name},
    {rules::fields_fit, "Password", in::connect, defect::accept_missing_password, without_password},
    {rules::fields_fit, "Will Topic", in::connect, defect::accept_missing_will, without_will},
    {rules::fields_fit, "Client Identifier", in::connect, defect::accept_missing_client_identifier,
     ignored},
    {rules::fields_fit, "", in::connect, defect::accept_truncated_connect, ignored},
    {rules::fields_fit, "", in::publish, defect::accept_truncated_publish, ignored},
    {rules::fields_fit, "", in::acknowledgement, defect::accept_truncated_acknowledgement, ignored},
    {rules::fields_fit, "", in::subscribe, defect::accept_truncated_subscribe, ignored},
    {rules::fields_fit, "", in::unsubscribe, defect::accept_truncated_unsubscribe, ignored},
    {rules::fields_fill, "", in::connect, defect::accept_surplus_in_connect, without_rest},
    {rules::fields_fill, "", in::acknowledgement, defect::accept_surplus_in_acknowledgement,
     without_rest},
    {rules::fields_fill, "", in::pingreq, defect::accept_surplus_in_pingreq, without_rest},
    {rules::fields_fill, "", in::disconnect, defect::accept_surplus_in_disconnect, ignored},
    {rules::identifier_not_zero, "Packet Identifier", in::publish,
     defect::accept_packet_identifier_0_in_publish, ignored},
    {rules::identifier_not_zero, "Packet Identifier", in::subscribe,
     defect::accept_packet_identifier_0_in_subscribe, ignored},
    {rules::identifier_not_zero, "Packet Identifier", in::unsubscribe,
     defect::accept_packet_identifier_0_in_unsubscribe, ignored},
    {rules::identifier_not_zero, "Packet Identifier", in::acknowledgement,
     defect::accept_packet_identifier_0_in_acknowledgement, ignored},
    // CONNECT.
    {rules::protocol_name, "", in::connect, defect::accept_protocol_name, with_protocol_name},
    {rules::protocol_version_known, "", in::connect, defect::accept_protocol_version,
     with_protocol_version},
    {rules::connect_flag_reserved, "", in::connect, defect::accept_reserved_connect_flag,
     with_bits<0xFE>},
    {rules::will_qos_range, "Will QoS", in::connect, defect::accept_will_qos_3, with_bits<0xF7>},
    {rules::will_qos_needs_will, "Will QoS", in::connect, defect::accept_will_qos_without_will,
     with_bits<0xE7>},
    {rules::will_retain_needs_will, "Will Retain", in::connect,
     defect::accept_will_retain_without_will, with_bits<0xDF>},
    {rules::password_needs_user_name, "", in::connect, defect::accept_password_without_user_name,
     with_bits<0xBF>},
    {rules::topic_not_empty, "Will Topic", in::connect, defect::accept_empty_will_topic, ignored},
    {rules::topic_wildcard, "Will Topic", in::connect, defect::accept_wildcard_in_will_topic,
     with_question_mark},
    // PUBLISH.
    {rules::publish_qos_range, "QoS", in::publish, defect::accept_qos_3, with_bits<0xFD>},
    {rules::dup_needs_qos, "", in::publish, defect::accept_dup_at_qos0, with_bits<0xF7>},
    {rules::topic_or_alias, "Topic Name", in::publish, defect::accept_empty_topic_name, ignored},
    {rules::topic_not_empty, "Topic Name", in::publish, defect::accept_empty_topic_name, ignored},
    {rules::topic_wildcard, "Topic Name", in::publish, defect::accept_wildcard_in_topic_name,
     with_question_mark},
    // SUBSCRIBE and UNSUBSCRIBE.
    {rules::one_subscription, "", in::subscribe, defect::accept_subscribe_without_filter, ignored},
    {rules::one_filter, "", in::unsubscribe, defect::accept_unsubscribe_without_filter, ignored},
    {rules::options_reserved, "", in::subscribe, defect::accept_reserved_subscription_options,
     with_bits<0x03>},
    {rules::maximum_qos_range, "Maximum QoS", in::subscribe, defect::accept_subscription_qos_3,
     with_bits<0xFE>},
    {rules::requested_qos_range_v3_1_1, "Requested QoS", in::subscribe,
     defect::accept_subscription_qos_3, with_bits<0xFE>},
    {rules::retain_handling_range, "Retain Handling", in::subscribe,
     defect::accept_retain_handling_3, with_bits<0xEF>},
    {rules::no_local_shared, "", in::subscribe, defect::accept_no_local_of_shared_subscription,
     with_bits<0xFB>},
    // Reason Codes.
    {rules::code_allowed, "", in::puback, defect::accept_reason_code_of_puback, with_bits<0>},
    {rules::code_allowed, "", in::pubrec, defect::accept_reason_code_of_pubrec, with_bits<0>},
    {rules::code_allowed, "", in::pubrel, defect::accept_reason_code_of_pubrel, with_bits<0>},
    {rules::code_allowed, "", in::pubcomp, defect::accept_reason_code_of_pubcomp, with_bits<0>},
    {rules::code_allowed, "", in::disconnect, defect::accept_reason_code_of_disconnect,
     with_bits<0>},
    {rules::code_allowed, "", in::auth, defect::accept_reason_code_of_auth, ignored},
    // Property Length and identifiers.
    {rules::properties_fit, "", in::anywhere, defect::accept_property_length_beyond_packet,
     ignored},
    {rules::property_fits, "", in::anywhere, defect::accept_property_beyond_length,
     without_property},
    {rules::property_known, "", in::anywhere, defect::accept_undefined_property, without_property},
    // Properties of another packet.
    {rules::property_at_home, "", in::connect, defect::accept_strange_property_in_connect,
     without_property},
    {rules::property_at_home, "", in::will, defect::accept_strange_property_in_will,
     without_property},
    {rules::property_at_home, "", in::publish, defect::accept_strange_property_in_publish,
     without_property},
    {rules::property_at_home, "", in::puback, defect::accept_strange_property_in_puback,
     without_property},
    {rules::property_at_home, "", in::pubrec, defect::accept_strange_property_in_pubrec,
     without_property},
    {rules::property_at_home, "", in::pubrel, defect::accept_strange_property_in_pubrel,
     without_property},
    {rules::property_at_home, "", in::pubcomp, defect::accept_strange_property_in_pubcomp,
     without_property},
    {rules::property_at_home, "", in::subscribe, defect::accept_strange_property_in_subscribe,
     without_property},
    {rules::property_at_home, "", in::unsubscribe, defect::accept_strange_property_in_unsubscribe,
     without_property},
    {rules::property_at_home, "", in::disconnect, defect::accept_strange_property_in_disconnect,
     without_property},
    {rules::property_at_home, "", in::auth, defect::accept_strange_property_in_auth, ignored},
    // Properties given twice.
    {rules::property_once, "Session Expiry Interval", in::connect,
     defect::accept_session_expiry_interval_twice, without_property},
    {rules::property_once, "Receive Maximum", in::connect, defect::accept_receive_maximum_twice,
     without_property},
    {rules::property_once, "Maximum Packet Size", in::connect,
     defect::accept_maximum_packet_size_twice, without_property},
    {rules::property_once, "Topic Alias Maximum", in::connect,
     defect::accept_topic_alias_maximum_twice, without_property},
    {rules::property_once, "Request Response Information", in::connect,
     defect::accept_request_response_information_twice, without_property},
    {rules::property_once, "Request Problem Information", in::connect,
     defect::accept_request_problem_information_twice, without_property},
    {rules::property_once, "Authentication Method", in::connect,
     defect::accept_authentication_method_twice, without_property},
    {rules::property_once, "Authentication Data", in::connect,
     defect::accept_authentication_data_twice, without_property},
    {rules::property_once, "Will Delay Interval", in::will,
     defect::accept_will_delay_interval_twice, without_property},
    {rules::property_once, "Payload Format Indicator", in::will,
     defect::accept_will_payload_format_indicator_twice, without_property},
    {rules::property_once, "Message Expiry Interval", in::will,
     defect::accept_will_message_expiry_interval_twice, without_property},
    {rules::property_once, "Content Type", in::will, defect::accept_will_content_type_twice,
     without_property},
    {rules::property_once, "Response Topic", in::will, defect::accept_will_response_topic_twice,
     without_property},
    {rules::property_once, "Correlation Data", in::will, defect::accept_will_correlation_data_twice,
     without_property},
    {rules::property_once, "Payload Format Indicator", in::publish,
     defect::accept_payload_format_indicator_twice, without_property},
    {rules::property_once, "Message Expiry Interval", in::publish,
     defect::accept_message_expiry_interval_twice, without_property},
    {rules::property_once, "Topic Alias", in::publish, defect::accept_topic_alias_twice,
     without_property},
    {rules::property_once, "Response Topic", in::publish, defect::accept_response_topic_twice,
     without_property},
    {rules::property_once, "Correlation Data", in::publish, defect::accept_correlation_data_twice,
     without_property},
    {rules::property_once, "Content Type", in::publish, defect::accept_content_type_twice,
     without_property},
    {rules::property_once, "Reason String", in::puback,
     defect::accept_reason_string_twice_in_puback, without_property},
    {rules::property_once, "Reason String", in::pubrec,
     defect::accept_reason_string_twice_in_pubrec, without_property},
    {rules::property_once, "Reason String", in::pubrel,
     defect::accept_reason_string_twice_in_pubrel, without_property},
    {rules::property_once, "Reason String", in::pubcomp,
     defect::accept_reason_string_twice_in_pubcomp, without_property},
    {rules::property_once, "Subscription Identifier", in::subscribe,
     defect::accept_subscription_identifier_twice_in_subscribe, without_property},
    {rules::property_once, "Session Expiry Interval", in::disconnect,
     defect::accept_session_expiry_interval_twice_in_disconnect, without_property},
    {rules::property_once, "Reason String", in::disconnect,
     defect::accept_reason_string_twice_in_disconnect, without_property},
    {rules::property_once, "Authentication Method", in::auth,
     defect::accept_authentication_method_twice_in_auth, ignored},
    {rules::property_once, "Authentication Data", in::auth,
     defect::accept_authentication_data_twice_in_auth, ignored},
    {rules::property_once, "Reason String", in::auth, defect::accept_reason_string_twice_in_auth,
     ignored},
    // Values that the standard rules out.
    {rules::property_not_zero, "Receive Maximum", in::connect, defect::accept_receive_maximum_0,
     without_property},
    {rules::property_not_zero, "Maximum Packet Size", in::connect,
     defect::accept_maximum_packet_size_0, without_property},
    {rules::property_not_zero, "Subscription Identifier", in::subscribe,
     defect::accept_subscription_identifier_0, without_property},
    {rules::alias_not_zero, "Topic Alias", in::publish, defect::accept_topic_alias_0,
     without_property},
    {rules::property_zero_or_one, "Request Response Information", in::connect,
     defect::accept_request_response_information_2, without_property},
    {rules::property_zero_or_one, "Request Problem Information", in::connect,
     defect::accept_request_problem_information_2, without_property},
    {rules::property_zero_or_one, "Payload Format Indicator", in::publish,
     defect::accept_payload_format_indicator_2, without_property},
    {rules::property_zero_or_one, "Payload Format Indicator", in::will,
     defect::accept_will_payload_format_indicator_2, without_property},
    {rules::response_topic_wildcard, "Response Topic", in::publish,
     defect::accept_wildcard_in_response_topic, with_question_mark},
    {rules::response_topic_wildcard, "Response Topic", in::will,
     defect::accept_wildcard_in_will_response_topic, with_question_mark},
    // Properties where they make no sense.
    {rules::identifier_from_client, "", in::publish,
     defect::accept_subscription_identifier_from_client, without_property},
    {rules::data_without_method, "", in::connect, defect::accept_authentication_data_without_method,
     without_properties},
    {rules::method_in_auth, "", in::auth, defect::accept_auth_without_method, ignored},
};

}  // namespace detail::tolerated

/// The first that fits counts.
inline constexpr const auto& tolerated_errors = detail::tolerated::table;

}  // namespace gauntlet::broker
