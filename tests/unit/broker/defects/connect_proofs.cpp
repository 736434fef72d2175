// Proofs of the defects in harness/broker/defects/connect.inc.

#include "harness/broker/session.hpp"
#include "tests/unit/broker/defects/proof.hpp"
#include "tests/unit/broker/defects/raw_input.hpp"

namespace gauntlet::broker {
namespace {

using mqtt::property_id;
using mqtt::protocol_version;
using mqtt::reason_code;
using std::chrono::seconds;

constexpr auto both = told_in::both_versions;
constexpr auto v5_only = told_in::v5_only;
constexpr auto v3_only = told_in::v3_1_1_only;

// A client whose session outlives its connection; in 3.1.1 for ever.
mqtt::connect lasting(protocol_version version, std::uint32_t expiry_s = 10) {
  mqtt::connect packet{.clean_start = false};
  if (version == v5) packet.properties.add(mqtt::session_expiry_interval(expiry_s));
  return packet;
}

mqtt::connack connect_as(bench& broker, std::string client_id, protocol_version version,
                         mqtt::connect packet = {}) {
  packet.client_id = std::move(client_id);
  return broker.open(version).connect(std::move(packet));
}

bool is_accepted(bench& broker, std::string client_id, protocol_version version,
                 mqtt::connect packet = {}) {
  return connect_as(broker, std::move(client_id), version, std::move(packet)).reason_code ==
         reason_code::success;
}

// Whether the broker still holds the session of "a".
bool is_resumed(bench& broker, protocol_version version) {
  return connect_as(broker, "a", version, lasting(version)).session_present;
}

byte_buffer encoded(const mqtt::packet& packet, protocol_version version) {
  byte_buffer bytes;
  EXPECT_TRUE(mqtt::encode(packet, version, bytes).has_value());
  return bytes;
}

void add_first_packets(defect_proofs& to) {
  to.push_back({defect::ignore_packet_before_connect, both, [](bench& broker, auto version) {
                  peer& a = broker.open(version);
                  a.send(mqtt::pingreq{});
                  a.expect_closed();
                }});
  to.push_back(
      {defect::send_disconnect_to_packet_before_connect, v5_only, [](bench& broker, auto version) {
         peer& a = broker.open(version);
         a.send(mqtt::pingreq{});
         a.expect_closed();
       }});
  to.push_back({defect::ignore_connect_timeout, both, [](bench& broker, auto version) {
                  peer& a = broker.open(version);
                  broker.advance(seconds(60));
                  a.expect_closed();
                }});
  to.push_back({defect::refuse_packets_sent_with_connect, both, [](bench& broker, auto version) {
                  peer& a = broker.open(version);
                  byte_buffer bytes = raw_connect().bytes(version);
                  for (const std::uint8_t each : encoded(mqtt::pingreq{}, version)) {
                    bytes.push_back(each);
                  }
                  a.send_raw(bytes);
                  a.expect<mqtt::connack>();
                  a.expect(mqtt::pingresp{});
                }});
  to.push_back({defect::accept_second_connect, both, [](bench& broker, auto version) {
                  peer& a = broker.connected("a", version);
                  a.send(mqtt::connect{.protocol_version = version, .client_id = "a"});
                  a.expect_refusal(reason_code::protocol_error);
                }});
}

void refused_without_identifier(bench& broker, protocol_version version) {
  peer& a = broker.open(version);
  a.send(mqtt::connect{.protocol_version = version, .clean_start = false});
  a.expect(mqtt::connack{.reason_code = reason_code::client_identifier_not_valid});
  a.expect_closed();
}

void add_answers(defect_proofs& to) {
  to.push_back({defect::omit_connack, both, [](bench& broker, auto version) {
                  EXPECT_TRUE(is_accepted(broker, "a", version));
                }});
  to.push_back({defect::omit_refusing_connack, v3_only, refused_without_identifier});
  to.push_back({defect::send_other_return_code, v3_only, refused_without_identifier});
  to.push_back(
      {defect::send_connack_to_malformed_connect, v3_only, [](bench& broker, auto version) {
         peer& a = broker.open(version);
         a.send_raw(raw_connect{.flags = 0x03}.bytes(version));
         a.expect_closed();
       }});
  const options protected_broker{.users = {make_user("ann", "secret")}};
  to.push_back({defect::keep_connection_after_refusing_connack, both,
                [](bench& broker, auto version) {
                  peer& a = broker.open(version);
                  const auto answer = a.connect({.client_id = "a", .user_name = "eve"});
                  EXPECT_EQ(answer.reason_code, reason_code::bad_user_name_or_password);
                  a.expect_closed();
                },
                protected_broker});
  to.push_back({defect::process_packets_of_refused_client, both,
                [](bench& broker, auto version) {
                  const mqtt::connect ann{.user_name = "ann",
                                          .password = byte_buffer{'s', 'e', 'c', 'r', 'e', 't'}};
                  peer& watcher = broker.connected("watcher", version, ann);
                  watcher.subscribe("t", qos0);
                  peer& a = broker.open(version);
                  byte_buffer bytes = raw_connect().bytes(version);
                  for (const std::uint8_t each : raw_publish(version, "t")) bytes.push_back(each);
                  a.send_raw(bytes);
                  watcher.expect_nothing();
                },
                protected_broker});
  to.push_back({defect::send_disconnect_before_connack, v5_only, [](bench& broker, auto version) {
                  peer& a = broker.open(version);
                  a.send_raw(raw_connect{.flags = 0x03}.bytes(version));
                  a.expect(mqtt::connack{.reason_code = reason_code::malformed_packet});
                }});
  to.push_back({defect::send_publish_before_connack, both, [](bench& broker, auto version) {
                  peer& a = broker.connected("a", version, lasting(version));
                  a.subscribe("t", qos1);
                  a.drop();
                  broker.connected("b", version).publish("t", "x", qos1);
                  EXPECT_TRUE(is_resumed(broker, version));
                }});
}

void add_client_identifiers(defect_proofs& to) {
  to.push_back(
      {defect::refuse_client_identifier_of_23_bytes, both, [](bench& broker, auto version) {
         EXPECT_TRUE(is_accepted(broker, "0123456789abcdefghijklm", version));
       }});
  to.push_back({defect::refuse_upper_case_client_identifier, both, [](bench& broker, auto version) {
                  EXPECT_TRUE(is_accepted(broker, "ABCXYZ", version));
                }});
  to.push_back({defect::truncate_client_identifier, both, [](bench& broker, auto version) {
                  const std::string start(23, 'a');
                  peer& first = broker.connected(start + "1", version);
                  broker.connected(start + "2", version);
                  EXPECT_FALSE(first.closed());
                }});
  to.push_back({defect::ignore_case_of_client_identifier, both, [](bench& broker, auto version) {
                  peer& first = broker.connected("A", version);
                  broker.connected("a", version);
                  EXPECT_FALSE(first.closed());
                }});
  to.push_back({defect::accept_empty_client_identifier_without_clean_session, v3_only,
                refused_without_identifier});
  to.push_back({defect::assign_same_client_identifier, both, [](bench& broker, auto version) {
                  peer& first = broker.connected("", version);
                  broker.connected("", version);
                  EXPECT_FALSE(first.closed());
                }});
  to.push_back({defect::omit_assigned_client_identifier, v5_only, [](bench& broker, auto version) {
                  const auto answer = connect_as(broker, "", version);
                  EXPECT_TRUE(answer.properties.contains(property_id::assigned_client_identifier));
                }});
  to.push_back(
      {defect::send_other_assigned_client_identifier, v5_only, [](bench& broker, auto version) {
         peer& first = broker.open(version);
         const auto answer = first.connect(lasting(version));
         first.drop();
         const std::string given(
             answer.properties.template find<property_id::assigned_client_identifier>().value_or(
                 "none"));
         EXPECT_TRUE(connect_as(broker, given, version, lasting(version)).session_present);
       }});
}

void add_admission(defect_proofs& to) {
  const options protected_broker{.users = {make_user("ann", "secret")}};
  to.push_back({defect::accept_any_password, both,
                [](bench& broker, auto version) {
                  EXPECT_FALSE(is_accepted(broker, "a", version, {.user_name = "ann"}));
                },
                protected_broker});
  to.push_back(
      {defect::accept_any_anonymous_client, both,
       [](bench& broker, auto version) { EXPECT_FALSE(is_accepted(broker, "a", version)); },
       protected_broker});
  to.push_back(
      {defect::refuse_password_without_user_name, v5_only, [](bench& broker, auto version) {
         EXPECT_TRUE(is_accepted(broker, "a", version, {.password = byte_buffer{'p'}}));
       }});
  to.push_back({defect::refuse_binary_password, v3_only, [](bench& broker, auto version) {
                  EXPECT_TRUE(
                      is_accepted(broker, "a", version,
                                  {.user_name = "ann", .password = byte_buffer{0x00, 0xFF, 0xC3}}));
                }});
  to.push_back({defect::refuse_properties_out_of_order, v5_only, [](bench& broker, auto version) {
                  EXPECT_TRUE(is_accepted(
                      broker, "a", version,
                      {.properties = {mqtt::topic_alias_maximum(1), mqtt::receive_maximum(9)}}));
                }});
  to.push_back({defect::accept_will_above_maximum_qos,
                v5_only,
                [](bench& broker, auto version) {
                  const mqtt::will will{.topic_name = "w", .qos = qos2};
                  EXPECT_EQ(connect_as(broker, "a", version, {.will = will}).reason_code,
                            reason_code::qos_not_supported);
                },
                {.capabilities = {.maximum_qos = 1}}});
  to.push_back({defect::accept_retained_will_when_not_available,
                v5_only,
                [](bench& broker, auto version) {
                  const mqtt::will will{.topic_name = "w", .retain = true};
                  EXPECT_EQ(connect_as(broker, "a", version, {.will = will}).reason_code,
                            reason_code::retain_not_supported);
                },
                {.capabilities = {.retain_available = false}}});
}

void newcomer_takes_over(bench& broker, protocol_version version) {
  peer& first = broker.connected("a", version);
  broker.connected("a", version);
  first.expect_refusal(reason_code::session_taken_over);
}

void add_takeover(defect_proofs& to) {
  to.push_back({defect::leave_existing_client_connected, both, newcomer_takes_over});
  to.push_back({defect::refuse_client_already_connected, both, newcomer_takes_over});
  to.push_back({defect::omit_session_taken_over, v5_only, newcomer_takes_over});
}

void session_is_resumed(bench& broker, protocol_version version) {
  broker.connected("a", version, lasting(version)).drop();
  EXPECT_TRUE(is_resumed(broker, version));
}

void session_lasts(bench& broker, protocol_version version) {
  broker.connected("a", version, lasting(version, never_expires)).drop();
  broker.advance(std::chrono::hours(1000));
  EXPECT_TRUE(is_resumed(broker, version));
}

// The session of a client that asked for a hundred seconds and got five.
void session_expires_as_announced(bench& broker, protocol_version version) {
  peer& a = broker.open(version);
  mqtt::connect packet = lasting(version, 100);
  packet.client_id = "a";
  const auto answer = a.connect(packet);
  a.drop();
  const auto announced = answer.properties.template find<property_id::session_expiry_interval>();
  broker.advance(seconds(6));
  EXPECT_EQ(is_resumed(broker, version), announced.value_or(100) > 6);
}

void add_sessions(defect_proofs& to) {
  to.push_back({defect::keep_session_at_clean_start, both, [](bench& broker, auto version) {
                  broker.connected("a", version, lasting(version)).drop();
                  EXPECT_FALSE(connect_as(broker, "a", version).session_present);
                }});
  to.push_back({defect::refuse_resume_without_session, both, [](bench& broker, auto version) {
                  EXPECT_TRUE(is_accepted(broker, "a", version, lasting(version)));
                }});
  to.push_back({defect::forget_session_at_disconnect, both, session_is_resumed});
  to.push_back({defect::forget_subscriptions_at_resume, both, [](bench& broker, auto version) {
                  peer& first = broker.connected("a", version, lasting(version));
                  first.subscribe("t", qos0);
                  first.drop();
                  peer& second = broker.connected("a", version, lasting(version));
                  second.publish("t", "x");
                  second.expect_publish("x");
                }});
  to.push_back({defect::deny_session_present, both, session_is_resumed});
  to.push_back({defect::claim_session_present, both,
                [](bench& broker, auto version) { EXPECT_FALSE(is_resumed(broker, version)); }});
  to.push_back({defect::discard_session_while_connected, both, [](bench& broker, auto version) {
                  peer& a = broker.connected("a", version, lasting(version, 1));
                  a.subscribe("t", qos0);
                  broker.advance(seconds(3));
                  a.publish("t", "x");
                  a.expect_publish("x");
                }});
  to.push_back({defect::keep_session_that_ends, both, [](bench& broker, auto version) {
                  broker.connected("a", version).drop();
                  EXPECT_FALSE(is_resumed(broker, version));
                }});
  to.push_back({defect::end_session_that_never_expires, both, session_lasts});
  to.push_back({defect::end_session_early, v5_only, [](bench& broker, auto version) {
                  broker.connected("a", version, lasting(version, 10)).drop();
                  broker.advance(seconds(9));
                  EXPECT_TRUE(is_resumed(broker, version));
                }});
  to.push_back(
      {defect::ignore_session_expiry_of_disconnect, v5_only, [](bench& broker, auto version) {
         peer& a = broker.connected("a", version, lasting(version, 10));
         a.send(mqtt::disconnect{.properties = {mqtt::session_expiry_interval(0)}});
         EXPECT_FALSE(is_resumed(broker, version));
       }});
  const options five_seconds{.capabilities = {.session_expiry_interval_max_s = 5}};
  to.push_back({defect::ignore_announced_session_expiry, v5_only, session_expires_as_announced,
                five_seconds});
  to.push_back(
      {defect::omit_session_expiry_interval, v5_only, session_expires_as_announced, five_seconds});
}

void silent_connection_ends(bench& broker, protocol_version version) {
  peer& a = broker.connected("a", version, {.keep_alive_s = 10});
  broker.advance(seconds(16));
  a.expect_refusal(reason_code::keep_alive_timeout);
}

// A client that asked for a hundred seconds, on a broker that gives no more than four.
void server_keep_alive_is_kept(bench& broker, protocol_version version) {
  peer& a = broker.open(version);
  const auto answer = a.connect({.client_id = "a", .keep_alive_s = 100});
  EXPECT_EQ(answer.properties.template find<property_id::server_keep_alive>(), 4);
  broker.advance(seconds(7));
  a.expect_refusal(reason_code::keep_alive_timeout);
}

void add_keep_alive(defect_proofs& to) {
  to.push_back({defect::ignore_keep_alive, both, silent_connection_ends});
  to.push_back({defect::end_keep_alive_early, v5_only, [](bench& broker, auto version) {
                  peer& a = broker.connected("a", version, {.keep_alive_s = 10});
                  broker.advance(seconds(9));
                  EXPECT_FALSE(a.closed());
                }});
  to.push_back({defect::limit_keep_alive_0, v5_only, [](bench& broker, auto version) {
                  peer& a = broker.connected("a", version);
                  broker.advance(seconds(1000));
                  EXPECT_FALSE(a.closed());
                }});
  const options four_seconds{.capabilities = {.keep_alive_max_s = 4}};
  to.push_back({defect::omit_server_keep_alive, v5_only, server_keep_alive_is_kept, four_seconds});
  to.push_back(
      {defect::ignore_server_keep_alive, v5_only, server_keep_alive_is_kept, four_seconds});
}

void add_properties(defect_proofs& to) {
  to.push_back({defect::omit_maximum_qos,
                v5_only,
                [](bench& broker, auto version) {
                  const auto answer = connect_as(broker, "a", version);
                  EXPECT_EQ(answer.properties.template find<property_id::maximum_qos>(), 1);
                },
                {.capabilities = {.maximum_qos = 1}}});
  to.push_back(
      {defect::send_unrequested_response_information, v5_only, [](bench& broker, auto version) {
         const auto answer = connect_as(broker, "a", version);
         EXPECT_FALSE(answer.properties.contains(property_id::response_information));
       }});
  to.push_back(
      {defect::ignore_request_problem_information, v5_only, [](bench& broker, auto version) {
         peer& a =
             broker.connected("a", version, {.properties = {mqtt::request_problem_information(0)}});
         a.send(mqtt::subscribe{.packet_identifier = 1, .subscriptions = {{"a#", {}}}});
         EXPECT_TRUE(a.expect<mqtt::suback>().properties.empty());
       }});
  to.push_back({defect::exceed_maximum_packet_size, v5_only, [](bench& broker, auto version) {
                  peer& a = broker.connected("a", version,
                                             {.properties = {mqtt::maximum_packet_size(40)}});
                  a.subscribe("t", qos0);
                  a.publish("t", std::string(50, 'x'));
                  a.expect_nothing();
                }});
}

}  // namespace

void add_connect_proofs(defect_proofs& to) {
  add_first_packets(to);
  add_answers(to);
  add_client_identifiers(to);
  add_admission(to);
  add_takeover(to);
  add_sessions(to);
  add_keep_alive(to);
  add_properties(to);
}

}  // namespace gauntlet::broker
