// Proofs of the defects in harness/broker/defects/connection.inc.

#include "tests/unit/broker/defects/proof.hpp"
#include "tests/unit/broker/defects/stories.hpp"

namespace gauntlet::broker {
namespace {

using mqtt::protocol_version;
using mqtt::reason_code;
using stories::lasting;
using stories::message;

void pingreq_is_answered(bench& broker, protocol_version version) {
  peer& a = broker.connected("a", version);
  a.send(mqtt::pingreq{});
  a.expect(mqtt::pingresp{});
  a.expect_nothing();
}

// --- DISCONNECT from the client

void disconnect_ends_the_connection(bench& broker, protocol_version version) {
  peer& a = broker.connected("a", version);
  a.send(mqtt::disconnect{});
  a.expect_closed();
}

void disconnect_leaves_the_session_expiry(bench& broker, protocol_version version) {
  broker.connected("a", version, lasting(version)).send(mqtt::disconnect{});
  mqtt::connect again = lasting(version);
  again.client_id = "a";
  EXPECT_TRUE(broker.open(version).connect(again).session_present);
}

void session_expiry_after_zero_is_refused(bench& broker, protocol_version version) {
  peer& a = broker.connected("a", version);
  a.send(mqtt::disconnect{.properties = {mqtt::session_expiry_interval(10)}});
  a.expect_refusal(reason_code::protocol_error);
}

// --- a client that breaks a rule: here, with a Topic Alias or a wildcard in the wrong place

void break_a_rule(peer& of) {
  if (of.version() == v5) {
    mqtt::publish packet = message("t", "x");
    packet.properties = {mqtt::topic_alias(65'535)};
    of.send(packet);
  } else {
    of.send(mqtt::subscribe{.packet_identifier = 1, .subscriptions = {{"a#", {}}}});
  }
}

void breach_ends_the_connection(bench& broker, protocol_version version) {
  peer& a = broker.connected("a", version);
  break_a_rule(a);
  a.expect_refusal(reason_code::topic_alias_invalid);
}

void breach_is_of_one_client(bench& broker, protocol_version version) {
  peer& other = broker.connected("other", version);
  break_a_rule(broker.connected("a", version));
  other.expect_nothing();
  EXPECT_FALSE(other.closed());
}

// No packet with an explanation fits this client.
void explanation_does_not_exceed_the_limit(bench& broker, protocol_version version) {
  peer& a = broker.connected("a", version, {.properties = {mqtt::maximum_packet_size(20)}});
  a.send(message("$x", "x", qos1, 7));
  EXPECT_TRUE(a.expect<mqtt::puback>().properties.empty());
  a.send(message("$x", "x", qos2, 7));
  EXPECT_TRUE(a.expect<mqtt::pubrec>().properties.empty());
  a.send(mqtt::pubrel{8});
  EXPECT_TRUE(a.expect<mqtt::pubcomp>().properties.empty());
  a.send(mqtt::pubrec{8});
  EXPECT_TRUE(a.expect<mqtt::pubrel>().properties.empty());
  a.send(mqtt::subscribe{.packet_identifier = 9, .subscriptions = {{"a#", {}}}});
  EXPECT_TRUE(a.expect<mqtt::suback>().properties.empty());
  break_a_rule(a);
  EXPECT_TRUE(a.expect<mqtt::disconnect>().properties.empty());
}

// --- packets need not keep to the pieces in which bytes arrive

void packets_may_arrive_together(bench& broker, protocol_version version) {
  peer& a = broker.connected("a", version);
  a.send_raw(byte_buffer{0xC0, 0x00, 0xC0, 0x00});  // two PINGREQ
  a.expect(mqtt::pingresp{});
  a.expect(mqtt::pingresp{});
}

void packets_may_arrive_in_pieces(bench& broker, protocol_version version) {
  peer& a = broker.connected("a", version);
  a.send_raw(byte_buffer{0xC0});
  a.send_raw(byte_buffer{0x00});
  a.expect(mqtt::pingresp{});
}

}  // namespace

void add_connection_proofs(defect_proofs& to) {
  using enum told_in;
  to.push_back({defect::omit_pingresp, both_versions, pingreq_is_answered});
  to.push_back({defect::send_pingresp_twice, both_versions, pingreq_is_answered});
  to.push_back({defect::ignore_disconnect, both_versions, disconnect_ends_the_connection});
  to.push_back(
      {defect::reset_session_expiry_at_disconnect, v5_only, disconnect_leaves_the_session_expiry});
  to.push_back(
      {defect::accept_session_expiry_after_zero, v5_only, session_expiry_after_zero_is_refused});
  for (const auto which : {defect::omit_disconnect_at_error, defect::send_unspecific_disconnect,
                           defect::keep_connection_after_disconnect}) {
    to.push_back({which, v5_only, breach_ends_the_connection});
  }
  for (const auto which : {defect::exceed_maximum_packet_size_with_reason_string,
                           defect::exceed_maximum_packet_size_with_user_properties}) {
    to.push_back({which, v5_only, explanation_does_not_exceed_the_limit});
  }
  to.push_back({defect::ignore_protocol_error, both_versions, breach_ends_the_connection});
  to.push_back({defect::close_all_connections_at_error, both_versions, breach_is_of_one_client});
  to.push_back(
      {defect::drop_further_packets_of_segment, both_versions, packets_may_arrive_together});
  to.push_back({defect::drop_packet_in_pieces, both_versions, packets_may_arrive_in_pieces});
}

}  // namespace gauntlet::broker
