// Proofs of the defects in harness/broker/defects/faulty_output.inc. The bench decodes strictly
// whatever the broker sends, so that a plain conversation shows most of them.

#include "tests/unit/broker/defects/proof.hpp"
#include "tests/unit/broker/defects/raw_input.hpp"

namespace gauntlet::broker {
namespace {

using mqtt::property_id;
using mqtt::protocol_version;
using mqtt::reason_code;

void expect_message(peer& to, mqtt::qos qos) {
  const auto came = to.expect_publish("x");
  EXPECT_EQ(came.topic_name, "t");
  EXPECT_EQ(came.qos, qos);
  EXPECT_FALSE(came.dup);
  EXPECT_TRUE(came.properties.empty());
  if (qos == qos1) to.send(mqtt::puback{.packet_identifier = came.packet_identifier});
  if (qos != qos2) return;
  to.send(mqtt::pubrec{.packet_identifier = came.packet_identifier});
  to.expect(mqtt::pubrel{.packet_identifier = came.packet_identifier});
  to.send(mqtt::pubcomp{.packet_identifier = came.packet_identifier});
}

// Every packet that a broker sends, once at least.
void conversation(bench& broker, protocol_version version) {
  peer& a = broker.connected("a", version);
  a.subscribe("t", qos2);
  peer& b = broker.connected("", version);
  for (const auto qos : {qos0, qos1, qos2}) {
    b.publish("t", "x", qos);
    expect_message(a, qos);
  }
  mqtt::unsuback answer{.packet_identifier = 7};
  if (version == v5) answer.reason_codes = {reason_code::success};
  a.send(mqtt::unsubscribe{.packet_identifier = 7, .topic_filters = {"t"}});
  a.expect(answer);
  a.send(mqtt::pingreq{});
  a.expect(mqtt::pingresp{});
  a.send_raw(byte_buffer{0x00, 0x00});
  a.expect_refusal(reason_code::malformed_packet);
}

void refused_connect(bench& broker, protocol_version version) {
  peer& a = broker.open(version);
  if (version == v5) {
    a.send_raw(raw_connect{.flags = 0x03}.bytes(version));
    a.expect(mqtt::connack{.reason_code = reason_code::malformed_packet});
  } else {
    a.send(mqtt::connect{.protocol_version = version, .clean_start = false});
    a.expect(mqtt::connack{.reason_code = reason_code::client_identifier_not_valid});
  }
  a.expect_closed();
}

void connack_names_no_method(bench& broker, protocol_version version) {
  const auto answer = broker.open(version).connect({.client_id = "a"});
  EXPECT_FALSE(answer.properties.contains(property_id::authentication_method));
}

void aliases_are_in_range(bench& broker, protocol_version version) {
  peer& a = broker.connected("a", version, {.properties = {mqtt::topic_alias_maximum(5)}});
  a.subscribe("t", qos0);
  a.publish("t", "x");
  const auto came = a.expect_publish("x");
  EXPECT_LE(came.properties.find<property_id::topic_alias>().value_or(1), 5);
}

using story = void (*)(bench&, protocol_version);
struct row {
  defect which;
  told_in versions;
  story told;
};
constexpr row rows[] = {
    // Fixed headers.
    {defect::send_reserved_flags_in_connack, told_in::both_versions, conversation},
    {defect::send_reserved_flags_in_puback, told_in::both_versions, conversation},
    {defect::send_reserved_flags_in_pubrec, told_in::both_versions, conversation},
    {defect::send_reserved_flags_in_pubcomp, told_in::both_versions, conversation},
    {defect::send_reserved_flags_in_suback, told_in::both_versions, conversation},
    {defect::send_reserved_flags_in_unsuback, told_in::both_versions, conversation},
    {defect::send_reserved_flags_in_pingresp, told_in::both_versions, conversation},
    {defect::send_reserved_flags_in_pubrel, told_in::both_versions, conversation},
    {defect::send_reserved_flags_in_disconnect, told_in::v5_only, conversation},
    {defect::send_long_remaining_length, told_in::v5_only, conversation},
    {defect::send_long_property_length, told_in::v5_only, conversation},
    {defect::send_packet_of_type_0, told_in::both_versions, conversation},
    {defect::answer_pingreq_with_pingreq, told_in::both_versions, conversation},
    {defect::send_auth_to_3_1_1, told_in::v3_1_1_only, conversation},
    // Sizes.
    {defect::send_surplus_in_pingresp, told_in::both_versions, conversation},
    {defect::send_surplus_in_puback, told_in::both_versions, conversation},
    {defect::send_truncated_connack, told_in::both_versions, conversation},
    {defect::send_properties_in_connack_of_3_1_1, told_in::v3_1_1_only, conversation},
    {defect::send_properties_in_publish_of_3_1_1, told_in::v3_1_1_only, conversation},
    {defect::send_codes_in_unsuback_of_3_1_1, told_in::v3_1_1_only, conversation},
    {defect::omit_property_length_of_connack, told_in::v5_only, conversation},
    {defect::omit_property_length_of_publish, told_in::v5_only, conversation},
    {defect::omit_property_length_of_suback, told_in::v5_only, conversation},
    {defect::omit_property_length_of_unsuback, told_in::v5_only, conversation},
    // CONNACK.
    {defect::send_reserved_acknowledge_flags, told_in::both_versions, conversation},
    {defect::send_session_present_with_error, told_in::both_versions, refused_connect},
    {defect::send_undefined_connack_code, told_in::both_versions, refused_connect},
    {defect::send_connack_twice, told_in::v5_only, conversation},
    {defect::send_unasked_auth, told_in::v5_only, conversation},
    {defect::send_unasked_authentication_method, told_in::v5_only, connack_names_no_method},
    // Properties of CONNACK given twice.
    {defect::send_session_expiry_interval_twice, told_in::v5_only, conversation},
    {defect::send_receive_maximum_twice, told_in::v5_only, conversation},
    {defect::send_maximum_qos_twice, told_in::v5_only, conversation},
    {defect::send_retain_available_twice, told_in::v5_only, conversation},
    {defect::send_maximum_packet_size_twice, told_in::v5_only, conversation},
    {defect::send_assigned_client_identifier_twice, told_in::v5_only, conversation},
    {defect::send_topic_alias_maximum_twice, told_in::v5_only, conversation},
    {defect::send_reason_string_twice, told_in::v5_only, conversation},
    {defect::send_wildcard_subscription_available_twice, told_in::v5_only, conversation},
    {defect::send_subscription_identifier_available_twice, told_in::v5_only, conversation},
    {defect::send_shared_subscription_available_twice, told_in::v5_only, conversation},
    {defect::send_server_keep_alive_twice, told_in::v5_only, conversation},
    {defect::send_response_information_twice, told_in::v5_only, conversation},
    {defect::send_server_reference_twice, told_in::v5_only, conversation},
    {defect::send_authentication_method_twice, told_in::v5_only, conversation},
    {defect::send_authentication_data_twice, told_in::v5_only, conversation},
    // Values that the standard rules out.
    {defect::send_receive_maximum_0, told_in::v5_only, conversation},
    {defect::send_maximum_packet_size_0, told_in::v5_only, conversation},
    {defect::send_maximum_qos_2, told_in::v5_only, conversation},
    {defect::send_retain_available_2, told_in::v5_only, conversation},
    {defect::send_wildcard_subscription_available_2, told_in::v5_only, conversation},
    {defect::send_subscription_identifier_available_2, told_in::v5_only, conversation},
    {defect::send_shared_subscription_available_2, told_in::v5_only, conversation},
    // Properties of another packet, and given twice in others.
    {defect::send_strange_property_in_connack, told_in::v5_only, conversation},
    {defect::send_strange_property_in_publish, told_in::v5_only, conversation},
    {defect::send_strange_property_in_puback, told_in::v5_only, conversation},
    {defect::send_strange_property_in_pubrec, told_in::v5_only, conversation},
    {defect::send_strange_property_in_pubrel, told_in::v5_only, conversation},
    {defect::send_strange_property_in_pubcomp, told_in::v5_only, conversation},
    {defect::send_strange_property_in_suback, told_in::v5_only, conversation},
    {defect::send_strange_property_in_unsuback, told_in::v5_only, conversation},
    {defect::send_strange_property_in_disconnect, told_in::v5_only, conversation},
    {defect::send_undefined_property, told_in::v5_only, conversation},
    {defect::send_reason_string_twice_in_suback, told_in::v5_only, conversation},
    {defect::send_reason_string_twice_in_unsuback, told_in::v5_only, conversation},
    {defect::send_server_reference_twice_in_disconnect, told_in::v5_only, conversation},
    {defect::send_session_expiry_in_disconnect, told_in::v5_only, conversation},
    // Text.
    {defect::send_ill_formed_assigned_client_identifier, told_in::v5_only, conversation},
    {defect::send_null_in_assigned_client_identifier, told_in::v5_only, conversation},
    {defect::send_ill_formed_reason_string, told_in::v5_only, conversation},
    {defect::send_null_in_reason_string, told_in::v5_only, conversation},
    {defect::send_ill_formed_user_property, told_in::v5_only, conversation},
    {defect::send_ill_formed_topic_name, told_in::both_versions, conversation},
    {defect::send_null_in_topic_name, told_in::both_versions, conversation},
    // Reason Codes.
    {defect::send_undefined_puback_code, told_in::v5_only, conversation},
    {defect::send_undefined_pubrec_code, told_in::v5_only, conversation},
    {defect::send_undefined_pubrel_code, told_in::v5_only, conversation},
    {defect::send_undefined_pubcomp_code, told_in::v5_only, conversation},
    {defect::send_undefined_suback_code, told_in::both_versions, conversation},
    {defect::send_undefined_unsuback_code, told_in::v5_only, conversation},
    {defect::send_undefined_disconnect_code, told_in::v5_only, conversation},
    {defect::send_too_few_suback_codes, told_in::both_versions, conversation},
    {defect::send_too_many_suback_codes, told_in::both_versions, conversation},
    {defect::send_too_few_unsuback_codes, told_in::v5_only, conversation},
    // PUBLISH.
    {defect::send_qos_3, told_in::both_versions, conversation},
    {defect::send_identifier_at_qos0, told_in::both_versions, conversation},
    {defect::send_wildcard_in_topic_name, told_in::both_versions, conversation},
    {defect::send_empty_topic_name, told_in::both_versions, conversation},
    {defect::send_other_topic_name, told_in::both_versions, conversation},
    {defect::send_topic_alias_0, told_in::v5_only, conversation},
    {defect::send_unasked_topic_alias, told_in::v5_only, conversation},
    {defect::exceed_topic_alias_maximum, told_in::v5_only, aliases_are_in_range},
    {defect::send_subscription_identifier_0, told_in::v5_only, conversation},
    {defect::send_unknown_subscription_identifier, told_in::v5_only, conversation},
    // DISCONNECT.
    {defect::send_packet_after_disconnect, told_in::v5_only, conversation},
};

}  // namespace

void add_faulty_output_proofs(defect_proofs& to) {
  for (const row& each : rows) to.push_back({each.which, each.versions, each.told});
  to.push_back({defect::send_disconnect_to_3_1_1, told_in::v3_1_1_only, conversation});
}

}  // namespace gauntlet::broker
