// Goal: each thing that a server can do wrong between packets is noticed as an error of its own,
// ends the connection and leaves the state of the session intact.

#include <functional>
#include <set>

#include <gtest/gtest.h>

#include "tests/unit/mqtt/session_bench.hpp"

namespace gauntlet::mqtt {
namespace {

constexpr auto qos1 = qos::at_least_once;
constexpr auto qos2 = qos::exactly_once;
constexpr auto v3 = protocol_version::v3_1_1;
constexpr auto v5 = protocol_version::v5;

mqtt::publish message(qos at, std::uint16_t identifier, property_list properties = {}) {
  return {.qos = at,
          .topic_name = "t",
          .packet_identifier = identifier,
          .properties = std::move(properties)};
}

struct violation_case {
  const char* name;
  session_violation violation;
  /// Brings the session to the point; then `last` comes from the server.
  std::function<void(session_bench&)> prepare;
  packet last;
};

void just_open(session_bench& bench) { bench.open(); }
void in_flight_at_1_and_2(session_bench& bench) {
  bench.open();
  bench.publish(1, qos1), bench.publish(2, qos2);
}
void subscribing(session_bench& bench) {
  bench.open();
  ASSERT_TRUE(bench.session.subscribe({.subscriptions = {{.topic_filter = "a"}}}, 1, bench.out));
  ASSERT_TRUE(bench.session.unsubscribe({.topic_filters = {"a"}}, 2, bench.out));
  bench.sent();
}

const violation_case both_versions[] = {
    {"PublishFirst", session_violation::packet_before_connack,
     [](session_bench& bench) { bench.connect(); }, message(qos::at_most_once, 0)},
    {"SecondConnack", session_violation::second_connack, just_open, connack{}},
    {"SessionPresentUnasked", session_violation::session_present_unasked,
     [](session_bench& bench) { bench.connect(true); }, connack{.session_present = true}},
    {"SessionPresentAfterEnd", session_violation::session_present_after_end,
     [](session_bench& bench) {
       bench.connect(true);
       bench.server(connack{});
       bench.session.connection_lost();
       bench.connect(false);
     },
     connack{.session_present = true}},
    {"AfterRefusal", session_violation::packet_after_refusal,
     [](session_bench& bench) {
       bench.connect();
       bench.server(connack{.reason_code = reason_code::not_authorized});
     },
     message(qos::at_most_once, 0)},
    {"PubackUnknown", session_violation::acknowledgement_unknown, in_flight_at_1_and_2,
     puback{.packet_identifier = 3}},
    {"PubackWithNothingInFlight", session_violation::acknowledgement_unknown, just_open,
     puback{.packet_identifier = 1}},
    {"PubrecUnknown", session_violation::acknowledgement_unknown, in_flight_at_1_and_2,
     pubrec{.packet_identifier = 3}},
    {"PubcompUnknown", session_violation::acknowledgement_unknown, in_flight_at_1_and_2,
     pubcomp{.packet_identifier = 3}},
    {"PubackTwice", session_violation::acknowledgement_unknown,
     [](session_bench& bench) {
       in_flight_at_1_and_2(bench);
       bench.server(puback{.packet_identifier = 1});
     },
     puback{.packet_identifier = 1}},
    {"PubrecForQos1", session_violation::acknowledgement_mismatch, in_flight_at_1_and_2,
     pubrec{.packet_identifier = 1}},
    {"PubcompForQos1", session_violation::acknowledgement_mismatch, in_flight_at_1_and_2,
     pubcomp{.packet_identifier = 1}},
    {"PubackForQos2", session_violation::acknowledgement_mismatch, in_flight_at_1_and_2,
     puback{.packet_identifier = 2}},
    {"PubackForReleased", session_violation::acknowledgement_mismatch,
     [](session_bench& bench) {
       in_flight_at_1_and_2(bench);
       bench.server(pubrec{.packet_identifier = 2});
     },
     puback{.packet_identifier = 2}},
    {"PubackForSubscribe", session_violation::acknowledgement_mismatch, subscribing,
     puback{.packet_identifier = 1}},
    {"SubackForUnsubscribe", session_violation::acknowledgement_mismatch, subscribing,
     suback{.packet_identifier = 2, .reason_codes = {reason_code::granted_qos_0}}},
    {"SubackForPublish", session_violation::acknowledgement_mismatch, in_flight_at_1_and_2,
     suback{.packet_identifier = 1, .reason_codes = {reason_code::granted_qos_0}}},
    {"PubcompBeforePubrec", session_violation::pubcomp_too_early, in_flight_at_1_and_2,
     pubcomp{.packet_identifier = 2}},
    {"SubackUnknown", session_violation::suback_unknown, subscribing,
     suback{.packet_identifier = 3, .reason_codes = {reason_code::granted_qos_0}}},
    {"SubackCount", session_violation::suback_count, subscribing,
     suback{.packet_identifier = 1,
            .reason_codes = {reason_code::granted_qos_0, reason_code::granted_qos_0}}},
    {"Qos1TakesAHeldIdentifier", session_violation::identifier_in_use,
     [](session_bench& bench) {
       bench.open();
       bench.server(message(qos2, 9));
     },
     message(qos1, 9)},
    {"PingrespUnasked", session_violation::pingresp_unasked, just_open, pingresp{}},
};

const violation_case v5_only[] = {
    {"PacketAfterDisconnect", session_violation::packet_after_disconnect,
     [](session_bench& bench) {
       bench.open();
       bench.server(disconnect{.reason_code = reason_code::server_busy});
     },
     message(qos::at_most_once, 0)},
    {"UnsubackUnknown", session_violation::unsuback_unknown, subscribing,
     unsuback{.packet_identifier = 3, .reason_codes = {reason_code::success}}},
    {"UnsubackCount", session_violation::unsuback_count, subscribing,
     unsuback{.packet_identifier = 2,
              .reason_codes = {reason_code::success, reason_code::success}}},
    {"ReceiveMaximum", session_violation::receive_maximum_exceeded,
     [](session_bench& bench) {
       bench.open({}, {receive_maximum(2)});
       bench.server(message(qos2, 1));
       bench.server(message(qos1, 2));
       bench.server(message(qos2, 3));
     },
     message(qos1, 4)},
    {"TopicAliasTooLarge", session_violation::topic_alias_too_large,
     [](session_bench& bench) { bench.open({}, {topic_alias_maximum(3)}); },
     message(qos::at_most_once, 0, {topic_alias(4)})},
    {"TopicAliasUnwanted", session_violation::topic_alias_too_large, just_open,
     message(qos::at_most_once, 0, {topic_alias(1)})},
    {"TopicAliasUnknown", session_violation::topic_alias_unknown,
     [](session_bench& bench) { bench.open({}, {topic_alias_maximum(3)}); },
     mqtt::publish{.properties = {topic_alias(3)}}},
    {"AuthUnasked", session_violation::authentication_unasked, just_open,
     auth{.reason_code = reason_code::continue_authentication,
          .properties = {authentication_method("x")}}},
    {"AuthUnaskedBeforeConnack", session_violation::authentication_unasked,
     [](session_bench& bench) { bench.connect(); },
     auth{.reason_code = reason_code::continue_authentication,
          .properties = {authentication_method("x")}}},
    {"ProblemInformation", session_violation::problem_information,
     [](session_bench& bench) {
       bench.open({}, {request_problem_information(0)});
       bench.publish(1, qos1);
     },
     puback{.packet_identifier = 1, .properties = {reason_string("why")}}},
    {"ProblemInformationInSuback", session_violation::problem_information,
     [](session_bench& bench) {
       bench.open({}, {request_problem_information(0)});
       ASSERT_TRUE(
           bench.session.subscribe({.subscriptions = {{.topic_filter = "a"}}}, 1, bench.out));
       bench.sent();
     },
     suback{.packet_identifier = 1,
            .reason_codes = {reason_code::granted_qos_0},
            .properties = {user_property("a", "b")}}},
};

void expect_violation(const violation_case& each, protocol_version version) {
  SCOPED_TRACE(std::string(each.name) + " in " + std::string(version_name(version)));
  session_bench bench(version);
  each.prepare(bench);
  bench.told();
  const auto before = bench.session.in_flight_count();
  const bool was_over = bench.session.phase() == session_phase::ended;
  const auto taken = bench.session.receive(encoded(each.last, version), bench.handler, bench.out);
  ASSERT_FALSE(taken);
  const decode_error expected = to_error(each.violation, version, taken.error().offset);
  EXPECT_EQ(taken.error(), expected) << describe(taken.error());
  EXPECT_FALSE(expected.section.empty()) << "a violation that this version does not know";
  EXPECT_EQ(bench.told(), "");
  EXPECT_EQ(bench.sent(), "");
  EXPECT_EQ(bench.session.phase(), session_phase::ended);
  EXPECT_EQ(bench.session.in_flight_count(), before);
  // The client may still say goodbye, unless the server has, but reads no more.
  EXPECT_EQ(bench.session.disconnect(bench.out).has_value(), !was_over);
  EXPECT_EQ(bench.sent(), was_over ? "" : "DISCONNECT(0x00)");
  EXPECT_TRUE(bench.session.receive(encoded(each.last, version), bench.handler, bench.out));
  EXPECT_EQ(bench.told(), "");
}

TEST(ClientSessionViolation, IsNoticedInBothVersions) {
  for (const auto& each : both_versions) {
    expect_violation(each, v3);
    expect_violation(each, v5);
  }
}

TEST(ClientSessionViolation, IsNoticedInVersion5) {
  for (const auto& each : v5_only) expect_violation(each, v5);
}

TEST(ClientSessionViolation, EachHasATestAndARuleOfItsOwn) {
  std::set<session_violation> tested;
  for (const auto& each : both_versions) tested.insert(each.violation);
  for (const auto& each : v5_only) tested.insert(each.violation);
  std::set<std::string_view> rules;
  for (const auto violation : tested) rules.insert(to_error(violation, v5).rule);
  EXPECT_EQ(tested.size(), static_cast<std::size_t>(session_violation::problem_information) + 1);
  EXPECT_EQ(rules.size(), tested.size());
}

TEST(ClientSessionViolation, ReceiveMaximumCountsWhatTheServerCannotHaveSeenAcknowledged) {
  // Three QoS 1 messages in one piece: the third was sent before any PUBACK could arrive.
  session_bench bench(v5);
  bench.open({}, {receive_maximum(2)});
  byte_buffer bytes;
  for (std::uint16_t identifier = 1; identifier <= 3; ++identifier) {
    const byte_buffer one = encoded(message(qos1, identifier), v5);
    bytes.insert(bytes.end(), one.begin(), one.end());
  }
  EXPECT_EQ(bench.server_bytes(bytes),
            "PUBACK(1), PUBACK(2), error: the server must keep to the client's Receive Maximum");
  // One by one they are within the limit.
  session_bench patient(v5);
  patient.open({}, {receive_maximum(2)});
  for (std::uint16_t identifier = 1; identifier <= 3; ++identifier) {
    EXPECT_EQ(patient.server(message(qos1, identifier)),
              "PUBACK(" + std::to_string(identifier) + ")");
  }
}

TEST(ClientSessionViolation, MalformedBytesEndTheConnection) {
  session_bench bench(v5);
  bench.open();
  const std::uint8_t pingreq_from_server[] = {0xc0, 0x00};
  const auto taken = bench.session.receive(pingreq_from_server, bench.handler, bench.out);
  ASSERT_FALSE(taken);
  EXPECT_EQ(bench.session.phase(), session_phase::ended);
  EXPECT_TRUE(bench.session.disconnect(bench.out, {.reason_code = taken.error().reason_code}));
}

TEST(ClientSessionViolation, TopicAliasZeroIsAnError) {
  session_bench bench(v5);
  bench.open({}, {topic_alias_maximum(3)});
  EXPECT_TRUE(bench.server(message(qos::at_most_once, 0, {topic_alias(0)})).starts_with("error:"));
}

TEST(ClientSessionViolation, PacketsAboveTheClientsMaximumAreErrors) {
  session_bench bench(v5);
  bench.open({}, {maximum_packet_size(30)});
  mqtt::publish large = message(qos1, 1);
  large.payload.resize(30);
  EXPECT_TRUE(bench.server(large).starts_with("error:"));
  EXPECT_EQ(bench.session.phase(), session_phase::ended);
}

}  // namespace
}  // namespace gauntlet::mqtt
