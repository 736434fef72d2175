#include "harness/broker/faulty_output.hpp"

#include <algorithm>

#include "harness/broker/spoiling.hpp"
#include "harness/broker/state.hpp"
#include "harness/mqtt/fixed_header.hpp"

namespace gauntlet::broker {
namespace {

using mqtt::packet_type;
using namespace spoiling;

enum class in_version : std::uint8_t { v5, v3_1_1, both };

// Which packets a defect spoils, and how.
struct faulty_packet {
  defect which;
  packet_type type;
  in_version versions;
  spoil change;
};

constexpr faulty_packet faulty_packets[] = {
    // Fixed headers.
    {defect::send_reserved_flags_in_connack, packet_type::connack, in_version::both,
     reverse_flags<0x01>},
    {defect::send_reserved_flags_in_puback, packet_type::puback, in_version::both,
     reverse_flags<0x01>},
    {defect::send_reserved_flags_in_pubrec, packet_type::pubrec, in_version::both,
     reverse_flags<0x01>},
    {defect::send_reserved_flags_in_pubcomp, packet_type::pubcomp, in_version::both,
     reverse_flags<0x01>},
    {defect::send_reserved_flags_in_suback, packet_type::suback, in_version::both,
     reverse_flags<0x01>},
    {defect::send_reserved_flags_in_unsuback, packet_type::unsuback, in_version::both,
     reverse_flags<0x01>},
    {defect::send_reserved_flags_in_pingresp, packet_type::pingresp, in_version::both,
     reverse_flags<0x01>},
    {defect::send_reserved_flags_in_pubrel, packet_type::pubrel, in_version::both,
     reverse_flags<0x02>},
    {defect::send_reserved_flags_in_disconnect, packet_type::disconnect, in_version::v5,
     reverse_flags<0x01>},
    {defect::send_long_remaining_length, packet_type::connack, in_version::v5,
     lengthen_remaining_length},
    {defect::send_long_property_length, packet_type::suback, in_version::v5,
     lengthen_property_length},
    {defect::send_packet_of_type_0, packet_type::pingresp, in_version::both, send_before<0x00>},
    {defect::answer_pingreq_with_pingreq, packet_type::pingresp, in_version::both,
     change_type<packet_type::pingreq>},
    {defect::send_auth_to_3_1_1, packet_type::connack, in_version::v3_1_1, send_after<0xF0>},
    // Sizes.
    {defect::send_surplus_in_pingresp, packet_type::pingresp, in_version::both, append_bytes<1>},
    {defect::send_surplus_in_puback, packet_type::puback, in_version::both, append_bytes<3>},
    {defect::send_truncated_connack, packet_type::connack, in_version::both, truncate<1>},
    {defect::send_properties_in_connack_of_3_1_1, packet_type::connack, in_version::v3_1_1,
     append_bytes<1>},
    {defect::send_properties_in_publish_of_3_1_1, packet_type::publish, in_version::v3_1_1,
     insert_behind_topic<1>},
    {defect::send_codes_in_unsuback_of_3_1_1, packet_type::unsuback, in_version::v3_1_1,
     append_bytes<1>},
    {defect::omit_property_length_of_connack, packet_type::connack, in_version::v5,
     remove_properties},
    {defect::omit_property_length_of_publish, packet_type::publish, in_version::v5,
     remove_properties},
    {defect::omit_property_length_of_suback, packet_type::suback, in_version::v5,
     remove_properties},
    {defect::omit_property_length_of_unsuback, packet_type::unsuback, in_version::v5,
     remove_properties},
    // CONNACK.
    {defect::send_reserved_acknowledge_flags, packet_type::connack, in_version::both,
     set_bits<0, 0x02>},
    {defect::send_session_present_with_error, packet_type::connack, in_version::both,
     claim_session_if_refused},
    {defect::send_undefined_connack_code, packet_type::connack, in_version::both,
     change_code_if_refused},
    {defect::send_connack_twice, packet_type::connack, in_version::v5, send_twice},
    {defect::send_unasked_auth, packet_type::connack, in_version::v5, send_auth},
    {defect::send_unasked_authentication_method, packet_type::connack, in_version::v5,
     [](auto& s) { add_property(s, mqtt::authentication_method("SCRAM-SHA-256")); }},
    // Properties of CONNACK given twice.
    {defect::send_session_expiry_interval_twice, packet_type::connack, in_version::v5,
     [](auto& s) { give_twice(s, mqtt::session_expiry_interval(1)); }},
    {defect::send_receive_maximum_twice, packet_type::connack, in_version::v5,
     [](auto& s) { give_twice(s, mqtt::receive_maximum(9)); }},
    {defect::send_maximum_qos_twice, packet_type::connack, in_version::v5,
     [](auto& s) { give_twice(s, mqtt::maximum_qos(1)); }},
    {defect::send_retain_available_twice, packet_type::connack, in_version::v5,
     [](auto& s) { give_twice(s, mqtt::retain_available(1)); }},
    {defect::send_maximum_packet_size_twice, packet_type::connack, in_version::v5,
     [](auto& s) { give_twice(s, mqtt::maximum_packet_size(1000)); }},
    {defect::send_assigned_client_identifier_twice, packet_type::connack, in_version::v5,
     [](auto& s) { give_twice(s, mqtt::assigned_client_identifier("a")); }},
    {defect::send_topic_alias_maximum_twice, packet_type::connack, in_version::v5,
     [](auto& s) { give_twice(s, mqtt::topic_alias_maximum(1)); }},
    {defect::send_reason_string_twice, packet_type::connack, in_version::v5,
     [](auto& s) { give_twice(s, mqtt::reason_string("r")); }},
    {defect::send_wildcard_subscription_available_twice, packet_type::connack, in_version::v5,
     [](auto& s) { give_twice(s, mqtt::wildcard_subscription_available(1)); }},
    {defect::send_subscription_identifier_available_twice, packet_type::connack, in_version::v5,
     [](auto& s) { give_twice(s, mqtt::subscription_identifier_available(1)); }},
    {defect::send_shared_subscription_available_twice, packet_type::connack, in_version::v5,
     [](auto& s) { give_twice(s, mqtt::shared_subscription_available(1)); }},
    {defect::send_server_keep_alive_twice, packet_type::connack, in_version::v5,
     [](auto& s) { give_twice(s, mqtt::server_keep_alive(1)); }},
    {defect::send_response_information_twice, packet_type::connack, in_version::v5,
     [](auto& s) { give_twice(s, mqtt::response_information("r")); }},
    {defect::send_server_reference_twice, packet_type::connack, in_version::v5,
     [](auto& s) { give_twice(s, mqtt::server_reference("s")); }},
    {defect::send_authentication_method_twice, packet_type::connack, in_version::v5,
     [](auto& s) { give_twice(s, mqtt::authentication_method("m")); }},
    {defect::send_authentication_data_twice, packet_type::connack, in_version::v5,
     [](auto& s) { give_twice(s, mqtt::authentication_data({1})); }},
    // Values that the standard rules out.
    {defect::send_receive_maximum_0, packet_type::connack, in_version::v5,
     [](auto& s) { set_property(s, mqtt::receive_maximum(0)); }},
    {defect::send_maximum_packet_size_0, packet_type::connack, in_version::v5,
     [](auto& s) { set_property(s, mqtt::maximum_packet_size(0)); }},
    {defect::send_maximum_qos_2, packet_type::connack, in_version::v5,
     [](auto& s) { set_property(s, mqtt::maximum_qos(2)); }},
    {defect::send_retain_available_2, packet_type::connack, in_version::v5,
     [](auto& s) { set_property(s, mqtt::retain_available(2)); }},
    {defect::send_wildcard_subscription_available_2, packet_type::connack, in_version::v5,
     [](auto& s) { set_property(s, mqtt::wildcard_subscription_available(2)); }},
    {defect::send_subscription_identifier_available_2, packet_type::connack, in_version::v5,
     [](auto& s) { set_property(s, mqtt::subscription_identifier_available(2)); }},
    {defect::send_shared_subscription_available_2, packet_type::connack, in_version::v5,
     [](auto& s) { set_property(s, mqtt::shared_subscription_available(2)); }},
    // Properties of another packet, and given twice in others.
    {defect::send_strange_property_in_connack, packet_type::connack, in_version::v5,
     [](auto& s) { add_property(s, mqtt::will_delay_interval(1)); }},
    {defect::send_strange_property_in_publish, packet_type::publish, in_version::v5,
     [](auto& s) { add_property(s, mqtt::will_delay_interval(1)); }},
    {defect::send_strange_property_in_puback, packet_type::puback, in_version::v5,
     [](auto& s) { add_property(s, mqtt::will_delay_interval(1)); }},
    {defect::send_strange_property_in_pubrec, packet_type::pubrec, in_version::v5,
     [](auto& s) { add_property(s, mqtt::will_delay_interval(1)); }},
    {defect::send_strange_property_in_pubrel, packet_type::pubrel, in_version::v5,
     [](auto& s) { add_property(s, mqtt::will_delay_interval(1)); }},
    {defect::send_strange_property_in_pubcomp, packet_type::pubcomp, in_version::v5,
     [](auto& s) { add_property(s, mqtt::will_delay_interval(1)); }},
    {defect::send_strange_property_in_suback, packet_type::suback, in_version::v5,
     [](auto& s) { add_property(s, mqtt::will_delay_interval(1)); }},
    {defect::send_strange_property_in_unsuback, packet_type::unsuback, in_version::v5,
     [](auto& s) { add_property(s, mqtt::will_delay_interval(1)); }},
    {defect::send_strange_property_in_disconnect, packet_type::disconnect, in_version::v5,
     [](auto& s) { add_property(s, mqtt::will_delay_interval(1)); }},
    {defect::send_undefined_property, packet_type::connack, in_version::v5, add_undefined_property},
    {defect::send_reason_string_twice_in_suback, packet_type::suback, in_version::v5,
     [](auto& s) { give_twice(s, mqtt::reason_string("r")); }},
    {defect::send_reason_string_twice_in_unsuback, packet_type::unsuback, in_version::v5,
     [](auto& s) { give_twice(s, mqtt::reason_string("r")); }},
    {defect::send_server_reference_twice_in_disconnect, packet_type::disconnect, in_version::v5,
     [](auto& s) { give_twice(s, mqtt::server_reference("s")); }},
    {defect::send_session_expiry_in_disconnect, packet_type::disconnect, in_version::v5,
     [](auto& s) { add_property(s, mqtt::session_expiry_interval(1)); }},
    // Text.
    {defect::send_ill_formed_assigned_client_identifier, packet_type::connack, in_version::v5,
     [](auto& s) { set_property(s, mqtt::assigned_client_identifier("x\xC3(")); }},
    {defect::send_null_in_assigned_client_identifier, packet_type::connack, in_version::v5,
     [](auto& s) { set_property(s, mqtt::assigned_client_identifier(std::string(1, 0))); }},
    {defect::send_ill_formed_reason_string, packet_type::disconnect, in_version::v5,
     [](auto& s) { set_property(s, mqtt::reason_string("x\xC3(")); }},
    {defect::send_null_in_reason_string, packet_type::disconnect, in_version::v5,
     [](auto& s) { set_property(s, mqtt::reason_string(std::string(1, 0))); }},
    {defect::send_ill_formed_user_property, packet_type::connack, in_version::v5,
     [](auto& s) { add_property(s, mqtt::user_property("a", "x\xC3(")); }},
    {defect::send_ill_formed_topic_name, packet_type::publish, in_version::both,
     [](auto& s) { change_topic(s, "x\xC3("); }},
    {defect::send_null_in_topic_name, packet_type::publish, in_version::both,
     [](auto& s) { change_topic(s, std::string_view("t\0", 2)); }},
    // Reason Codes.
    {defect::send_undefined_puback_code, packet_type::puback, in_version::v5, change_code<2>},
    {defect::send_undefined_pubrec_code, packet_type::pubrec, in_version::v5, change_code<2>},
    {defect::send_undefined_pubrel_code, packet_type::pubrel, in_version::v5, change_code<2>},
    {defect::send_undefined_pubcomp_code, packet_type::pubcomp, in_version::v5, change_code<2>},
    {defect::send_undefined_suback_code, packet_type::suback, in_version::both, change_last_byte},
    {defect::send_undefined_unsuback_code, packet_type::unsuback, in_version::v5, change_last_byte},
    {defect::send_undefined_disconnect_code, packet_type::disconnect, in_version::v5,
     change_code<0>},
    {defect::send_too_few_suback_codes, packet_type::suback, in_version::both, drop_last_byte},
    {defect::send_too_many_suback_codes, packet_type::suback, in_version::both, append_bytes<1>},
    {defect::send_too_few_unsuback_codes, packet_type::unsuback, in_version::v5, drop_last_byte},
    // PUBLISH.
    {defect::send_qos_3, packet_type::publish, in_version::both, reverse_flags<0x06>},
    {defect::send_identifier_at_qos0, packet_type::publish, in_version::both,
     insert_identifier_at_qos0},
    {defect::send_wildcard_in_topic_name, packet_type::publish, in_version::both,
     [](auto& s) { change_topic(s, "t/#"); }},
    {defect::send_empty_topic_name, packet_type::publish, in_version::both,
     [](auto& s) { change_topic(s, ""); }},
    {defect::send_other_topic_name, packet_type::publish, in_version::both,
     [](auto& s) { change_topic(s, "other"); }},
    {defect::send_topic_alias_0, packet_type::publish, in_version::v5,
     [](auto& s) { set_property(s, mqtt::topic_alias(0)); }},
    {defect::send_unasked_topic_alias, packet_type::publish, in_version::v5,
     [](auto& s) { set_property(s, mqtt::topic_alias(1)); }},
    {defect::exceed_topic_alias_maximum, packet_type::publish, in_version::v5,
     [](auto& s) { set_property(s, mqtt::topic_alias(0xFFFF)); }},
    {defect::send_subscription_identifier_0, packet_type::publish, in_version::v5,
     [](auto& s) { add_property(s, mqtt::subscription_identifier(0)); }},
    {defect::send_unknown_subscription_identifier, packet_type::publish, in_version::v5,
     [](auto& s) { add_property(s, mqtt::subscription_identifier(77)); }},
    // DISCONNECT.
    {defect::send_packet_after_disconnect, packet_type::disconnect, in_version::v5,
     send_after<0xD0>},
};

bool is_sent_in(mqtt::protocol_version version, in_version versions) {
  if (versions == in_version::both) return true;
  return (version == mqtt::protocol_version::v5) == (versions == in_version::v5);
}

spoiled take_apart(byte_view packet, mqtt::protocol_version version) {
  const std::size_t header = 1U + mqtt::read_remaining_length(packet.subspan(1)).size;
  return {{.first_byte = packet[0], .body = mqtt::raw_fields(packet.subspan(header))}, version};
}

void append(byte_buffer& out, const byte_buffer& more) {
  out.insert(out.end(), more.begin(), more.end());
}

}  // namespace

bool asks_for_faulty_output(std::span<const defect_switch> switches) {
  return std::ranges::any_of(switches, [](const defect_switch& each) {
    return std::ranges::find(faulty_packets, each.which, &faulty_packet::which) !=
           std::end(faulty_packets);
  });
}

void spoil_output(broker_state& broker, const connection& to, byte_buffer& out, std::size_t start) {
  const packet_type type = mqtt::packet_type_of(out[start]);
  for (const faulty_packet& faulty : faulty_packets) {
    if (faulty.type != type || !is_sent_in(to.version, faulty.versions)) continue;
    if (!broker.defects.strikes(faulty.which)) continue;
    spoiled sent = take_apart(byte_view(out).subspan(start), to.version);
    faulty.change(sent);
    out.resize(start);
    append(out, sent.before);
    append(out, sent.packet.bytes());
    append(out, sent.after);
    return;  // one fault a packet is enough
  }
}

}  // namespace gauntlet::broker
