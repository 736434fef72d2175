// Goal: a client session exchanges packets as the standard says, in both versions, over one
// connection. Resumption is in client_session_resume_test.cpp, errors of the server are in
// client_session_violation_test.cpp.

#include "harness/mqtt/client_session.hpp"

#include <gtest/gtest.h>

#include "tests/unit/mqtt/allocation_count.hpp"
#include "tests/unit/mqtt/session_bench.hpp"

namespace gauntlet::mqtt {
namespace {

constexpr auto qos0 = qos::at_most_once;
constexpr auto qos1 = qos::at_least_once;
constexpr auto qos2 = qos::exactly_once;
constexpr auto v3 = protocol_version::v3_1_1;
constexpr auto v5 = protocol_version::v5;

class ClientSession : public testing::TestWithParam<protocol_version>, public session_bench {
 protected:
  ClientSession() : session_bench(GetParam()) {}
};
INSTANTIATE_TEST_SUITE_P(BothVersions, ClientSession, testing::Values(v3, v5),
                         [](const auto& run) { return run.param == v5 ? "v5" : "v3_1_1"; });

/// A session of MQTT 5.0.
class ClientSessionV5 : public testing::Test, public session_bench {
 protected:
  ClientSessionV5() : session_bench(v5) {}
};

mqtt::publish message(qos at, std::uint16_t identifier, std::string_view payload = "x") {
  return {.qos = at,
          .topic_name = "t",
          .packet_identifier = identifier,
          .payload = byte_buffer(payload.begin(), payload.end())};
}

TEST_P(ClientSession, OpensWithConnack) {
  EXPECT_EQ(session.phase(), session_phase::closed);
  EXPECT_EQ(connect(), "CONNECT");
  EXPECT_EQ(session.phase(), session_phase::connecting);
  EXPECT_EQ(publish(1, qos0), "refused: the session is not connected");
  EXPECT_EQ(server(connack{}), "");
  EXPECT_EQ(told(), "connack(0x00)");
  EXPECT_EQ(session.phase(), session_phase::open);
  const auto again = session.connect({.protocol_version = version()}, out);
  EXPECT_EQ(again.error(), session_refusal::already_connecting);
}

TEST_P(ClientSession, IsToldOfARefusal) {
  connect();
  EXPECT_EQ(server(connack{.reason_code = reason_code::not_authorized}), "");
  EXPECT_EQ(told(), "connack(0x87)");
  EXPECT_EQ(session.phase(), session_phase::ended);
  EXPECT_EQ(publish(1, qos0), "refused: the session is not connected");
  session.connection_lost();
  EXPECT_EQ(connect(), "CONNECT");
}

TEST_P(ClientSession, PublishesAtQos0WithoutIdentifier) {
  open();
  EXPECT_EQ(publish(7, qos0), "PUBLISH(qos 0)");
  EXPECT_EQ(session.in_flight_count(), 0u);
}

TEST_P(ClientSession, PublishesAtQos1) {
  open();
  EXPECT_EQ(publish(7, qos1), "PUBLISH(1, qos 1)");
  EXPECT_EQ(publish(8, qos1), "PUBLISH(2, qos 1)");
  EXPECT_EQ(session.in_flight_count(), 2u);
  EXPECT_EQ(server(puback{.packet_identifier = 1}), "");
  EXPECT_EQ(server(puback{.packet_identifier = 2}), "");
  EXPECT_EQ(told(), "acknowledged(7), acknowledged(8)");
  EXPECT_EQ(session.in_flight_count(), 0u);
}

TEST_P(ClientSession, PublishesAtQos2) {
  open();
  EXPECT_EQ(publish(7, qos2), "PUBLISH(1, qos 2)");
  EXPECT_EQ(server(pubrec{.packet_identifier = 1}), "PUBREL(1)");
  EXPECT_EQ(told(), "received(7)");
  EXPECT_EQ(session.in_flight_count(), 1u);
  EXPECT_EQ(server(pubcomp{.packet_identifier = 1}), "");
  EXPECT_EQ(told(), "acknowledged(7)");
  EXPECT_EQ(session.in_flight_count(), 0u);
}

TEST_P(ClientSession, AnswersEachPubrecByPubrelInItsOrder) {
  open();
  publish(1, qos2), publish(2, qos2), publish(3, qos1);
  EXPECT_EQ(server(pubrec{.packet_identifier = 2}), "PUBREL(2)");
  EXPECT_EQ(server(pubrec{.packet_identifier = 1}), "PUBREL(1)");
  EXPECT_EQ(server(pubrec{.packet_identifier = 1}), "PUBREL(1)") << "said twice";
  EXPECT_EQ(told(), "received(2), received(1)");
}

TEST_P(ClientSession, AcknowledgesWhatItReceivesInOrder) {
  open();
  byte_buffer bytes;
  for (const packet& any : {packet(message(qos1, 5)), packet(message(qos0, 0)),
                            packet(message(qos2, 9)), packet(message(qos1, 6))}) {
    const byte_buffer one = encoded(any, version());
    bytes.insert(bytes.end(), one.begin(), one.end());
  }
  EXPECT_EQ(server_bytes(bytes), "PUBACK(5), PUBREC(9), PUBACK(6)");
  EXPECT_EQ(
      told(),
      "publish(t, x, qos 1), publish(t, x, qos 0), publish(t, x, qos 2), publish(t, x, qos 1)");
  EXPECT_EQ(server(pubrel{.packet_identifier = 9}), "PUBCOMP(9)");
  EXPECT_EQ(session.held_count(), 0u);
}

TEST_P(ClientSession, TakesBytesInPieces) {
  open();
  const byte_buffer bytes = encoded(message(qos1, 5, "payload"), version());
  for (std::size_t i = 0; i + 1 < bytes.size(); ++i) {
    EXPECT_EQ(server_bytes(byte_view(bytes).subspan(i, 1)), "");
  }
  EXPECT_EQ(server_bytes(byte_view(bytes).last(1)), "PUBACK(5)");
  EXPECT_EQ(told(), "publish(t, payload, qos 1)");
}

TEST_P(ClientSession, TellsADuplicateOfAQos2Message) {
  open();
  EXPECT_EQ(server(message(qos2, 9)), "PUBREC(9)");
  EXPECT_EQ(server(message(qos2, 10)), "PUBREC(10)");
  mqtt::publish again = message(qos2, 9);
  again.dup = true;
  EXPECT_EQ(server(again), "PUBREC(9)");
  EXPECT_EQ(told(), "publish(t, x, qos 2), publish(t, x, qos 2), publish(t, x, qos 2, duplicate)");
  EXPECT_EQ(server(pubrel{.packet_identifier = 9}), "PUBCOMP(9)");
  EXPECT_EQ(server(message(qos2, 9)), "PUBREC(9)");
  EXPECT_EQ(told(), "publish(t, x, qos 2)") << "a new message after PUBREL";
  EXPECT_EQ(session.held_count(), 2u);
}

TEST_P(ClientSession, AnswersAPubrelThatItDoesNotKnow) {
  open();
  EXPECT_EQ(server(pubrel{.packet_identifier = 4}),
            version() == v5 ? "PUBCOMP(4, 0x92)" : "PUBCOMP(4)");
}

TEST_P(ClientSession, SubscribesAndUnsubscribes) {
  open();
  const subscription wanted{.topic_filter = "a/#", .options = {.maximum_qos = qos1}};
  EXPECT_EQ(*session.subscribe({.subscriptions = {wanted, wanted}}, 7, out), 1);
  EXPECT_EQ(*session.unsubscribe({.topic_filters = {"b"}}, 8, out), 2);
  EXPECT_EQ(sent(), "SUBSCRIBE(1), UNSUBSCRIBE(2)");
  EXPECT_EQ(publish(9, qos1), "PUBLISH(3, qos 1)") << "identifiers are shared";
  unsuback done{.packet_identifier = 2};
  if (version() == v5) done.reason_codes = {reason_code::no_subscription_existed};
  EXPECT_EQ(server(done), "");
  EXPECT_EQ(
      server(suback{.packet_identifier = 1,
                    .reason_codes = {reason_code::granted_qos_1, reason_code::unspecified_error}}),
      "");
  EXPECT_EQ(told(), version() == v5 ? "unsuback(8, 0x11), suback(7, 0x01, 0x80)"
                                    : "unsuback(8), suback(7, 0x01, 0x80)");
  EXPECT_EQ(session.in_flight_count(), 1u);
}

TEST_P(ClientSession, KeepsAliveByPing) {
  const time_point start{std::chrono::hours(1)};
  open();
  EXPECT_EQ(session.ping_due(start), start + std::chrono::milliseconds(52'500));
  EXPECT_FALSE(
      session.pingresp_overdue(start, start + std::chrono::hours(1), std::chrono::seconds(5)));
  EXPECT_TRUE(session.ping(out));
  EXPECT_EQ(sent(), "PINGREQ");
  EXPECT_EQ(session.unanswered_pings(), 1u);
  EXPECT_FALSE(
      session.pingresp_overdue(start, start + std::chrono::seconds(4), std::chrono::seconds(5)));
  EXPECT_TRUE(
      session.pingresp_overdue(start, start + std::chrono::seconds(5), std::chrono::seconds(5)));
  EXPECT_EQ(server(pingresp{}), "");
  EXPECT_EQ(told(), "pingresp");
  EXPECT_EQ(session.unanswered_pings(), 0u);
}

TEST_P(ClientSession, HasNoPingWithoutKeepAlive) {
  ASSERT_TRUE(session.connect({.protocol_version = version()}, out));
  EXPECT_EQ(session.ping_due(time_point{}), std::nullopt);
}

TEST_P(ClientSession, EndsByDisconnect) {
  open();
  EXPECT_TRUE(session.disconnect(out));
  EXPECT_EQ(sent(), "DISCONNECT(0x00)");
  EXPECT_EQ(session.phase(), session_phase::ended);
  EXPECT_EQ(session.disconnect(out).error(), session_refusal::not_connected);
  EXPECT_EQ(server(message(qos1, 1)), "") << "nothing is read any more";
  EXPECT_EQ(told(), "");
}

TEST_P(ClientSession, DisconnectInsideAnEventStopsTheRest) {
  open();
  handler.then = [this] {
    if (session.phase() == session_phase::open) {
      ASSERT_TRUE(session.disconnect(out));
    }
  };
  byte_buffer bytes = encoded(message(qos1, 1), version());
  bytes.insert(bytes.end(), bytes.begin(), bytes.end());
  EXPECT_EQ(server_bytes(bytes), "DISCONNECT(0x00)") << "no PUBACK after it";
  EXPECT_EQ(told(), "publish(t, x, qos 1)");
}

TEST_P(ClientSession, PublishesFromInsideAnEvent) {
  open();
  handler.then = [this] {
    if (session.in_flight_count() == 0) {
      ASSERT_TRUE(session.publish({.qos = qos1, .topic_name = "t"}, 2, out));
    }
  };
  publish(1, qos1);
  EXPECT_EQ(server(puback{.packet_identifier = 1}), "PUBLISH(2, qos 1)");
}

TEST_P(ClientSession, ReusesIdentifiersOnlyOnceTheyAreFree) {
  open();
  EXPECT_EQ(publish(0, qos1), "PUBLISH(1, qos 1)");  // stays unacknowledged
  for (std::uint32_t identifier = 2; identifier <= 65'535; ++identifier) {
    ASSERT_EQ(*session.publish({.qos = qos1, .topic_name = "t"}, identifier, out), identifier);
    ASSERT_TRUE(session.receive(
        encoded(puback{.packet_identifier = static_cast<std::uint16_t>(identifier)}, version()),
        handler, out));
    out.clear();
    handler.text.clear();
  }
  EXPECT_EQ(publish(1, qos1), "PUBLISH(2, qos 1)") << "1 is in use";
  EXPECT_EQ(server(puback{.packet_identifier = 1}), "");
}

TEST_P(ClientSession, UsesAllIdentifiersAtOnce) {
  open();
  for (std::uint32_t tag = 1; tag <= 65'535; ++tag) {
    ASSERT_EQ(*session.publish({.qos = tag % 2 ? qos1 : qos2, .topic_name = "t"}, tag, out), tag);
  }
  out.clear();
  EXPECT_EQ(session.send_quota(), 0);
  EXPECT_EQ(publish(0, qos1), "refused: the server's Receive Maximum is reached");
  EXPECT_EQ(session.subscribe({.subscriptions = {{.topic_filter = "a"}}}, 0, out).error(),
            session_refusal::no_identifier_free);
  EXPECT_EQ(server(puback{.packet_identifier = 40'001}), "");
  EXPECT_EQ(told(), "acknowledged(40001)");
  EXPECT_EQ(publish(0, qos1), "PUBLISH(40001, qos 1)");
}

TEST_P(ClientSession, OwnsMemoryOnlyWhileItNeedsIt) {
  open();
  out.reserve(1000);
  handler.text.reserve(1000);
  const auto taken = [this](byte_view bytes) {
    return session.receive(bytes, handler, out).has_value();
  };
  const std::uint8_t pubacks[] = {0x40, 2, 0, 1, 0x40, 2, 0, 2, 0x40, 2, 0, 3};
  const byte_view puback_bytes(pubacks);
  if (!counts_allocations()) GTEST_SKIP() << "a sanitizer brings operator new itself";
  const auto start = allocation_count();
  const auto idle = live_allocation_count();

  // A window of one allocates nothing at all.
  ASSERT_TRUE(session.publish({.qos = qos1, .topic_name = "t"}, 1, out));
  ASSERT_TRUE(taken(puback_bytes.first(4)));
  EXPECT_EQ(allocation_count(), start);

  // A larger one does, and so does a packet in part; both give everything back.
  ASSERT_TRUE(session.publish({.qos = qos1, .topic_name = "t"}, 2, out));
  ASSERT_TRUE(session.publish({.qos = qos1, .topic_name = "t"}, 3, out));
  EXPECT_GT(live_allocation_count(), idle);
  ASSERT_TRUE(taken(puback_bytes.subspan(4)));
  EXPECT_EQ(live_allocation_count(), idle);
  ASSERT_TRUE(taken(encoded(message(qos1, 1), version())));
  const byte_buffer split = encoded(message(qos2, 1), version());
  const auto with_packet = live_allocation_count();
  ASSERT_TRUE(taken(byte_view(split).first(3)));
  EXPECT_GT(live_allocation_count(), with_packet);
  ASSERT_TRUE(taken(byte_view(split).subspan(3)));
  EXPECT_EQ(live_allocation_count(), with_packet);
}

TEST_P(ClientSession, AllocatesNothingPerMessageInAnOpenWindow) {
  open();
  constexpr std::uint16_t window = 20;
  out.reserve(10'000);
  class silent_handler final : public session_handler {
   public:
    void on_publish(const publish_view&, bool) override {}
    void on_acknowledged(std::uint64_t, mqtt::qos, mqtt::reason_code) override {}
    publish_view on_resend(std::uint64_t, std::uint16_t) override { return {}; }
    void on_discarded(std::uint64_t, mqtt::qos, bool) override {}
  } silent;
  for (int i = 0; i < window; ++i)
    ASSERT_TRUE(session.publish({.qos = qos2, .topic_name = "t"}, 0, out));
  if (!counts_allocations()) GTEST_SKIP() << "a sanitizer brings operator new itself";
  const auto before = allocation_count();
  for (std::uint16_t first = 1; first <= 1000; ++first) {
    out.clear();
    const std::uint8_t high = static_cast<std::uint8_t>(first >> 8);
    const std::uint8_t low = static_cast<std::uint8_t>(first);
    const std::uint8_t answers[] = {0x50, 2, high, low, 0x70, 2, high, low};
    ASSERT_TRUE(session.receive(answers, silent, out));
    ASSERT_TRUE(session.publish({.qos = qos2, .topic_name = "t"}, 0, out));
  }
  EXPECT_EQ(allocation_count(), before);
}

TEST_F(ClientSessionV5, TellsReasonCodes) {
  open();
  publish(1, qos1), publish(2, qos2), publish(3, qos2);
  EXPECT_EQ(server(puback{.packet_identifier = 1, .reason_code = reason_code::quota_exceeded}), "");
  EXPECT_EQ(server(pubrec{.packet_identifier = 2, .reason_code = reason_code::not_authorized}), "")
      << "no PUBREL after a refusal";
  EXPECT_EQ(
      server(pubrec{.packet_identifier = 3, .reason_code = reason_code::no_matching_subscribers}),
      "PUBREL(3)");
  EXPECT_EQ(told(), "acknowledged(1, 0x97), acknowledged(2, 0x87), received(3, 0x10)");
  EXPECT_EQ(session.in_flight_count(), 1u);
}

TEST_F(ClientSessionV5, KeepsToTheReceiveMaximumOfTheServer) {
  open({receive_maximum(2)});
  EXPECT_EQ(session.send_quota(), 2);
  publish(1, qos1), publish(2, qos2);
  EXPECT_EQ(session.send_quota(), 0);
  EXPECT_EQ(publish(3, qos1), "refused: the server's Receive Maximum is reached");
  EXPECT_EQ(publish(3, qos0), "PUBLISH(qos 0)");
  server(pubrec{.packet_identifier = 2});
  EXPECT_EQ(session.send_quota(), 0) << "only PUBCOMP gives the place back";
  server(pubcomp{.packet_identifier = 2});
  EXPECT_EQ(session.send_quota(), 1);
  publish(4, qos2);
  server(pubrec{.packet_identifier = 3, .reason_code = reason_code::unspecified_error});
  EXPECT_EQ(session.send_quota(), 1) << "so does a PUBREC that refuses";
}

TEST_F(ClientSessionV5, KeepsToTheLimitsOfTheServer) {
  open({maximum_qos(1), retain_available(0), maximum_packet_size(20), topic_alias_maximum(3),
        wildcard_subscription_available(0), shared_subscription_available(0),
        subscription_identifier_available(0)});
  EXPECT_EQ(session.publish({.qos = qos2, .topic_name = "t"}, 0, out).error(),
            session_refusal::qos_not_supported);
  EXPECT_EQ(session.publish({.retain = true, .topic_name = "t"}, 0, out).error(),
            session_refusal::retain_not_supported);
  // 2 fixed header, 3 topic, 2 identifier, 1 properties, payload.
  EXPECT_TRUE(session.publish({.qos = qos1, .topic_name = "t", .payload = as_bytes("123456789012")},
                              0, out));
  EXPECT_EQ(
      session
          .publish({.qos = qos1, .topic_name = "t", .payload = as_bytes("1234567890123")}, 0, out)
          .error(),
      session_refusal::packet_too_large);
  const auto alias = [](std::uint16_t value) {
    byte_buffer bytes;
    EXPECT_TRUE(encode_properties({topic_alias(value)}, bytes));
    return bytes;
  };
  EXPECT_TRUE(session.publish({.topic_name = "t", .properties = alias(3)}, 0, out));
  EXPECT_EQ(session.publish({.topic_name = "t", .properties = alias(4)}, 0, out).error(),
            session_refusal::topic_alias_invalid);
  EXPECT_EQ(session.publish({.topic_name = "t", .properties = alias(0)}, 0, out).error(),
            session_refusal::topic_alias_invalid);
  const auto subscribe = [this](const char* filter, property_list properties = {}) {
    return session.subscribe(
        {.subscriptions = {{.topic_filter = filter}}, .properties = std::move(properties)}, 0, out);
  };
  EXPECT_EQ(subscribe("a/+").error(), session_refusal::wildcard_not_supported);
  EXPECT_EQ(subscribe("$share/g/a").error(), session_refusal::shared_not_supported);
  EXPECT_EQ(subscribe("a", {subscription_identifier(1)}).error(),
            session_refusal::identifiers_not_supported);
  EXPECT_EQ(subscribe("a topic of twenty bytes").error(), session_refusal::packet_too_large);
  EXPECT_EQ(session.in_flight_count(), 1u) << "a refused packet takes no identifier";
}

TEST_F(ClientSessionV5, FollowsTheServerKeepAlive) {
  open({server_keep_alive(8)});
  EXPECT_EQ(session.keep_alive_s(), 8);
  EXPECT_EQ(session.ping_due(time_point{}), time_point{std::chrono::seconds(7)});
}

TEST_F(ClientSessionV5, FillsInTheTopicOfAnAlias) {
  open({}, {topic_alias_maximum(2)});
  mqtt::publish first = message(qos0, 0);
  first.properties = {topic_alias(2)};
  mqtt::publish second = first;
  second.topic_name.clear();
  mqtt::publish anew = first;
  anew.topic_name = "other";
  EXPECT_EQ(server(first), "");
  EXPECT_EQ(server(second), "");
  EXPECT_EQ(server(anew), "");
  EXPECT_EQ(server(second), "");
  EXPECT_EQ(told(),
            "publish(t, x, qos 0), publish(t, x, qos 0), publish(other, x, qos 0), "
            "publish(other, x, qos 0)");
}

TEST_F(ClientSessionV5, Authenticates) {
  connect(true, {authentication_method("SCRAM")});
  const auth step{.reason_code = reason_code::continue_authentication,
                  .properties = {authentication_method("SCRAM")}};
  EXPECT_EQ(server(step), "");
  EXPECT_EQ(told(), "auth(0x18)");
  EXPECT_TRUE(session.auth(step, out));
  EXPECT_EQ(sent(), "AUTH(0x18)");
  EXPECT_EQ(server(connack{.properties = {authentication_method("SCRAM")}}), "");
  EXPECT_EQ(session.phase(), session_phase::open);
}

TEST_F(ClientSessionV5, SendsNoAuthWithoutAMethod) {
  open();
  EXPECT_EQ(session.auth({}, out).error(), session_refusal::no_authentication);
}

TEST_F(ClientSessionV5, IsToldOfTheServersDisconnect) {
  open();
  EXPECT_EQ(server(disconnect{.reason_code = reason_code::server_shutting_down}), "");
  EXPECT_EQ(told(), "disconnect(0x8b)");
  EXPECT_EQ(session.phase(), session_phase::ended);
  EXPECT_EQ(session.disconnect(out).error(), session_refusal::not_connected);
}

}  // namespace
}  // namespace gauntlet::mqtt
