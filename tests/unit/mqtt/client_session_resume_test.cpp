// Goal: whatever packet of an exchange is the last to arrive before the connection is lost, the
// resumed session sends again what the standard asks for, and no publication is unaccounted for.

#include <gtest/gtest.h>

#include "tests/unit/mqtt/session_bench.hpp"

namespace gauntlet::mqtt {
namespace {

constexpr auto qos1 = qos::at_least_once;
constexpr auto qos2 = qos::exactly_once;
constexpr auto v3 = protocol_version::v3_1_1;
constexpr auto v5 = protocol_version::v5;

class ClientSessionResume : public testing::TestWithParam<protocol_version>, public session_bench {
 protected:
  ClientSessionResume() : session_bench(GetParam()) {}

  /// The server resumes the session; answers what the client sends at once.
  std::string resume() { return server(connack{.session_present = true}); }
};
INSTANTIATE_TEST_SUITE_P(BothVersions, ClientSessionResume, testing::Values(v3, v5),
                         [](const auto& run) { return run.param == v5 ? "v5" : "v3_1_1"; });

class ClientSessionResumeV5 : public testing::Test, public session_bench {
 protected:
  ClientSessionResumeV5() : session_bench(v5) {}
};

mqtt::publish message(qos at, std::uint16_t identifier, bool dup = false) {
  return {
      .dup = dup, .qos = at, .topic_name = "t", .packet_identifier = identifier, .payload = {'x'}};
}

TEST_P(ClientSessionResume, SendsPublishAgainWhilePubackIsMissing) {
  open();
  publish(7, qos1);
  reconnect();
  EXPECT_EQ(resume(), "PUBLISH(1, qos 1, dup)");
  EXPECT_EQ(told(), "resend(7, 1), connack(0x00, present)");
  EXPECT_EQ(server(puback{.packet_identifier = 1}), "");
  EXPECT_EQ(told(), "acknowledged(7)");
  reconnect();
  EXPECT_EQ(resume(), "") << "acknowledged is over";
}

TEST_P(ClientSessionResume, SendsPublishAgainWhilePubrecIsMissing) {
  open();
  publish(7, qos2);
  reconnect();
  EXPECT_EQ(resume(), "PUBLISH(1, qos 2, dup)");
  EXPECT_EQ(server(pubrec{.packet_identifier = 1}), "PUBREL(1)");
  EXPECT_EQ(server(pubcomp{.packet_identifier = 1}), "");
}

TEST_P(ClientSessionResume, SendsPubrelAgainWhilePubcompIsMissing) {
  open();
  publish(7, qos2);
  server(pubrec{.packet_identifier = 1});
  for (int times = 0; times < 3; ++times) {
    reconnect();
    EXPECT_EQ(resume(), "PUBREL(1)") << "and never PUBLISH";
  }
  told();
  EXPECT_EQ(server(pubcomp{.packet_identifier = 1}), "");
  EXPECT_EQ(told(), "acknowledged(7)");
}

TEST_P(ClientSessionResume, KeepsTheOrderOfSending) {
  open();
  for (std::uint64_t tag = 1; tag <= 6; ++tag) publish(tag, tag % 2 ? qos2 : qos1);
  server(puback{.packet_identifier = 2});
  server(pubrec{.packet_identifier = 5});
  server(pubrec{.packet_identifier = 3});
  reconnect();
  EXPECT_EQ(resume(),
            "PUBREL(5), PUBREL(3), PUBLISH(1, qos 2, dup), PUBLISH(4, qos 1, dup), "
            "PUBLISH(6, qos 1, dup)");
  EXPECT_EQ(publish(7, qos1), "PUBLISH(7, qos 1)");
}

TEST_P(ClientSessionResume, RemembersHeldMessagesOfTheServer) {
  open();
  EXPECT_EQ(server(message(qos2, 9)), "PUBREC(9)");
  EXPECT_EQ(server(message(qos2, 12)), "PUBREC(12)");
  reconnect();
  EXPECT_EQ(resume(), "");
  told();
  EXPECT_EQ(server(message(qos2, 9, true)), "PUBREC(9)") << "the PUBREC was lost";
  EXPECT_EQ(server(pubrel{.packet_identifier = 12}), "PUBCOMP(12)") << "or the PUBREL";
  EXPECT_EQ(told(), "publish(t, x, qos 2, duplicate)");
}

TEST_P(ClientSessionResume, AnswersPubrelAgainAfterALostPubcomp) {
  open();
  server(message(qos2, 9));
  EXPECT_EQ(server(pubrel{.packet_identifier = 9}), "PUBCOMP(9)");
  reconnect();
  resume();
  EXPECT_EQ(server(pubrel{.packet_identifier = 9}),
            version() == v5 ? "PUBCOMP(9, 0x92)" : "PUBCOMP(9)");
}

TEST_P(ClientSessionResume, DiscardsAllWhenTheServerHasNoSession) {
  open();
  publish(1, qos1), publish(2, qos2), publish(3, qos2);
  server(pubrec{.packet_identifier = 2});
  server(message(qos2, 9));
  reconnect();
  EXPECT_EQ(server(connack{}), "");
  EXPECT_EQ(told(),
            "discarded(2, qos 2, received), discarded(1, qos 1), discarded(3, qos 2), "
            "connack(0x00)");
  EXPECT_EQ(session.in_flight_count(), 0u);
  server(message(qos2, 9));
  EXPECT_EQ(told(), "publish(t, x, qos 2)") << "9 is new in a new session";
}

TEST_P(ClientSessionResume, DiscardsOnRequest) {
  open();
  publish(7, qos1);
  session.connection_lost();
  session.discard(handler);
  EXPECT_EQ(told(), "discarded(7, qos 1)");
  EXPECT_EQ(session.in_flight_count(), 0u);
}

TEST_P(ClientSessionResume, KeepsItsStateOverARefusedConnection) {
  open();
  publish(7, qos1);
  reconnect();
  server(connack{.reason_code = reason_code::server_unavailable});
  EXPECT_EQ(told(), "connack(0x88)");
  reconnect();
  EXPECT_EQ(resume(), "PUBLISH(1, qos 1, dup)");
}

TEST_P(ClientSessionResume, GivesUpWhatTheHandlerNoLongerHas) {
  open();
  publish(7, qos1);
  handler.resend_topic.clear();
  reconnect();
  EXPECT_EQ(resume(), "");
  EXPECT_EQ(told(), "resend(7, 1), discarded(7, qos 1), connack(0x00, present)");
  EXPECT_EQ(session.in_flight_count(), 0u);
}

TEST_P(ClientSessionResume, ForgetsSubscribeAndUnsubscribe) {
  open();
  publish(7, qos1);
  ASSERT_TRUE(session.subscribe({.subscriptions = {{.topic_filter = "a"}}}, 8, out));
  ASSERT_TRUE(session.unsubscribe({.topic_filters = {"a"}}, 9, out));
  reconnect();
  EXPECT_EQ(session.in_flight_count(), 1u);
  EXPECT_EQ(resume(), "PUBLISH(1, qos 1, dup)");
}

TEST_P(ClientSessionResume, DropsAPacketReceivedInPart) {
  open();
  const byte_buffer bytes = encoded(message(qos1, 3), version());
  server_bytes(byte_view(bytes).first(4));
  reconnect();
  EXPECT_EQ(resume(), "");
  EXPECT_EQ(server_bytes(bytes), "PUBACK(3)");
}

TEST_P(ClientSessionResume, MovesWithAllItsState) {
  open();
  publish(7, qos1), publish(8, qos2);
  server(message(qos2, 9));
  session.connection_lost();
  client_session moved = std::move(session);
  session = std::move(moved);
  out.clear();
  connect(false);
  EXPECT_EQ(resume(), "PUBLISH(1, qos 1, dup), PUBLISH(2, qos 2, dup)");
  EXPECT_EQ(session.held_count(), 1u);
}

TEST_F(ClientSessionResumeV5, CountsNoExchangeOfAnEarlierConnectionAgainstTheReceiveMaximum) {
  open({}, {receive_maximum(2)});
  server(message(qos2, 9));
  session.connection_lost();
  out.clear();
  connect(false, {receive_maximum(2)});
  server(connack{.session_present = true});
  byte_buffer bytes = encoded(pubrel{.packet_identifier = 9}, version());
  for (std::uint16_t identifier = 10; identifier <= 11; ++identifier) {
    const byte_buffer one = encoded(message(qos1, identifier), version());
    bytes.insert(bytes.end(), one.begin(), one.end());
  }
  EXPECT_EQ(server_bytes(bytes), "PUBCOMP(9), PUBACK(10), PUBACK(11)");
}

TEST_F(ClientSessionResumeV5, SendsAgainNoMoreThanTheQuotaOfTheNewConnection) {
  open();
  for (std::uint64_t tag = 1; tag <= 4; ++tag) publish(tag, qos1);
  publish(5, qos2);
  server(pubrec{.packet_identifier = 5});
  reconnect();
  EXPECT_EQ(server(connack{.session_present = true, .properties = {receive_maximum(2)}}),
            "PUBREL(5), PUBLISH(1, qos 1, dup)");
  EXPECT_EQ(session.send_quota(), 0);
  EXPECT_EQ(publish(6, qos1), "refused: the server's Receive Maximum is reached");
  EXPECT_EQ(server(puback{.packet_identifier = 1}), "PUBLISH(2, qos 1, dup)");
  EXPECT_EQ(server(pubcomp{.packet_identifier = 5}), "PUBLISH(3, qos 1, dup)");
  session.connection_lost();
  out.clear();
  connect(false);
  EXPECT_EQ(server(connack{.session_present = true}),
            "PUBLISH(2, qos 1, dup), PUBLISH(3, qos 1, dup), PUBLISH(4, qos 1, dup)")
      << "waiting again starts anew";
}

TEST_F(ClientSessionResumeV5, GivesUpWhatTheServerNoLongerTakes) {
  open();
  publish(7, qos2);
  publish(8, qos1);
  reconnect();
  EXPECT_EQ(server(connack{.session_present = true, .properties = {maximum_qos(1)}}),
            "PUBLISH(2, qos 1, dup)");
  EXPECT_EQ(told(), "resend(7, 1), discarded(7, qos 2), resend(8, 2), connack(0x00, present)");
}

TEST_F(ClientSessionResumeV5, StopsSendingAgainWhenTheHandlerDisconnects) {
  open();
  publish(7, qos1), publish(8, qos1);
  reconnect();
  handler.then = [this] {
    if (session.phase() == session_phase::open) {
      ASSERT_TRUE(session.disconnect(out));
    }
  };
  EXPECT_EQ(server(connack{.session_present = true}), "DISCONNECT(0x00)");
  handler.then = [] {};
  session.connection_lost();
  out.clear();
  connect(false);
  EXPECT_EQ(server(connack{.session_present = true}),
            "PUBLISH(1, qos 1, dup), PUBLISH(2, qos 1, dup)");
}

TEST_F(ClientSessionResumeV5, ForgetsTopicAliasesWithTheConnection) {
  mqtt::publish aliased = message(qos::at_most_once, 0);
  aliased.properties = {topic_alias(1)};
  open({}, {topic_alias_maximum(1)});
  server(aliased);
  session.connection_lost();
  connect(false, {topic_alias_maximum(1)});
  server(connack{.session_present = true});
  aliased.topic_name.clear();
  EXPECT_EQ(server(aliased), "error: a topic alias must come with a topic name first");
}

}  // namespace
}  // namespace gauntlet::mqtt
