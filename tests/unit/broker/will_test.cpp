// Goal: a will is published exactly when the standard says, and as it was left.

#include "tests/unit/broker/bench.hpp"

namespace gauntlet::broker {
namespace {

class Will : public both_versions {
 protected:
  void SetUp() override {
    watcher = &broker.connected("watcher", version());
    watcher->subscribe("will", qos1);
  }
  static mqtt::connect with_will() {
    return {.will = mqtt::will{.topic_name = "will", .payload = {'w'}, .qos = qos1}};
  }

  bench broker;
  peer* watcher = nullptr;
};
INSTANTIATE_TEST_SUITE_P(Versions, Will, testing::Values(v3, v5), version_suffix);

TEST_P(Will, IsPublishedWhenTheConnectionBreaks) {
  broker.connected("a", version(), with_will()).drop();
  EXPECT_EQ(watcher->expect_publish("w").qos, qos1);
}

TEST_P(Will, IsNotPublishedAfterDisconnect) {
  broker.connected("a", version(), with_will()).send(mqtt::disconnect{});
  watcher->expect_nothing();
}

TEST_P(Will, IsPublishedWhenTheKeepAliveLapses) {
  mqtt::connect packet = with_will();
  packet.keep_alive_s = 10;
  broker.connected("a", version(), packet);
  broker.advance(std::chrono::seconds(15));
  watcher->expect_publish("w");
}

TEST_P(Will, IsPublishedAfterAProtocolError) {
  broker.connected("a", version(), with_will()).send_raw(byte_buffer{0x00, 0x00});
  watcher->expect_publish("w");
}

TEST_P(Will, IsPublishedAtTakeover) {
  broker.connected("a", version(), with_will());
  broker.connected("a", version());
  watcher->expect_publish("w");
  watcher->expect_nothing();
}

TEST_P(Will, IsRetainedIfItAsksFor) {
  mqtt::connect packet = with_will();
  packet.will->retain = true;
  broker.connected("a", version(), packet).drop();
  peer& late = broker.connected("late", version());
  late.subscribe("will", qos0);
  EXPECT_TRUE(late.expect_publish("w").retain);
}

class WillDelay : public testing::Test {
 protected:
  void SetUp() override {
    watcher = &broker.connected("watcher", v5);
    watcher->subscribe("will", qos1);
  }
  static mqtt::connect with_delay(std::uint32_t delay, std::uint32_t expiry,
                                  bool clean_start = false) {
    return {.clean_start = clean_start,
            .will = mqtt::will{.topic_name = "will",
                               .payload = {'w'},
                               .properties = {mqtt::will_delay_interval(delay)}},
            .properties = {mqtt::session_expiry_interval(expiry)}};
  }

  bench broker;
  peer* watcher = nullptr;
};

TEST_F(WillDelay, IsWaitedFor) {
  broker.connected("a", v5, with_delay(5, 60)).drop();
  broker.advance(std::chrono::milliseconds(4'999));
  watcher->expect_nothing();
  broker.advance(std::chrono::milliseconds(1));
  watcher->expect_publish("w");
}

TEST_F(WillDelay, EndsWithTheSession) {
  broker.connected("a", v5, with_delay(60, 5)).drop();
  broker.advance(std::chrono::seconds(5));
  watcher->expect_publish("w");
}

TEST_F(WillDelay, IsCutShortByCleanStart) {
  broker.connected("a", v5, with_delay(60, 60)).drop();
  broker.connected("a", v5, with_delay(60, 60, true));
  watcher->expect_publish("w");
}

TEST_F(WillDelay, SparesThoseWhoComeBack) {
  broker.connected("a", v5, with_delay(5, 60)).drop();
  broker.advance(std::chrono::seconds(4));
  broker.connected("a", v5, {.clean_start = false});
  broker.advance(std::chrono::seconds(60));
  watcher->expect_nothing();
}

TEST_F(WillDelay, SparesThoseWhoTakeOverTheirSession) {
  broker.connected("a", v5, with_delay(5, 60));
  broker.connected("a", v5, with_delay(5, 60));
  broker.advance(std::chrono::seconds(60));
  watcher->expect_nothing();
}

TEST(WillV5, IsPublishedAfterDisconnectWithWill) {
  bench broker;
  peer& watcher = broker.connected("watcher", v5);
  watcher.subscribe("will", qos0);
  const mqtt::will will{.topic_name = "will",
                        .payload = {'w'},
                        .properties = {mqtt::content_type("text"), mqtt::user_property("a", "1"),
                                       mqtt::message_expiry_interval(9)}};
  broker.connected("a", v5, {.will = will})
      .send(mqtt::disconnect{.reason_code = mqtt::reason_code::disconnect_with_will_message});
  EXPECT_EQ(watcher.expect_publish("w").properties, will.properties);
}

TEST_P(Will, MayBeOfAnyQosAndEmpty) {
  for (const mqtt::qos qos : {qos0, qos1, qos2}) {
    watcher->subscribe("will", qos2);
    mqtt::connect packet = with_will();
    packet.will->qos = qos;
    packet.will->payload.clear();
    broker.connected("a", version(), packet).drop();
    EXPECT_EQ(watcher->expect_publish("").qos, qos);
  }
}

TEST_P(Will, WithoutRetainLeavesTheRetainedMessageAlone) {
  broker.connected("b", version()).publish("will", "kept", qos1, true);
  watcher->expect_publish("kept");
  broker.connected("a", version(), with_will()).drop();
  EXPECT_FALSE(watcher->expect_publish("w").retain);
  peer& late = broker.connected("late", version());
  late.subscribe("will", qos0);
  late.expect_publish("kept");
}

TEST_P(Will, IsForgottenOncePublished) {
  peer& first = broker.connected("a", version(), with_will());
  first.drop();
  watcher->expect_publish("w");
  broker.connected("a", version()).drop();  // has none
  watcher->expect_nothing();
}

// Whoever takes over: the will goes out unless the session goes on and the will has a delay.
TEST(WillV5, AtTakeover) {
  for (const bool clean_start : {false, true}) {
    for (const std::uint32_t delay : {0U, 10U}) {
      bench broker;
      peer& watcher = broker.connected("watcher", v5);
      watcher.subscribe("will", qos0);
      const mqtt::connect first{
          .will = mqtt::will{.topic_name = "will",
                             .payload = {'w'},
                             .properties = {mqtt::will_delay_interval(delay)}},
          .properties = {mqtt::session_expiry_interval(300)}};
      broker.connected("a", v5, first);
      broker.connected("a", v5, {.clean_start = clean_start});
      broker.advance(std::chrono::seconds(20));
      if (clean_start || delay == 0) watcher.expect_publish("w");
      watcher.expect_nothing();
    }
  }
}

TEST(WillV5, FollowsEveryDisconnectButTheNormal) {
  using mqtt::reason_code;
  for (const reason_code reason :
       {reason_code::disconnect_with_will_message, reason_code::unspecified_error,
        reason_code::malformed_packet, reason_code::protocol_error,
        reason_code::implementation_specific_error, reason_code::quota_exceeded}) {
    bench broker;
    peer& watcher = broker.connected("watcher", v5);
    watcher.subscribe("will", qos0);
    broker.connected("a", v5, {.will = mqtt::will{.topic_name = "will", .payload = {'w'}}})
        .send(mqtt::disconnect{.reason_code = reason});
    watcher.expect_publish("w");
  }
}

// Such a DISCONNECT is none: the will is published and nothing of the session lasts
// (§3.14.2.2.2).
TEST(WillV5, FollowsADisconnectThatIsNotValid) {
  bench broker;
  peer& watcher = broker.connected("watcher", v5);
  watcher.subscribe("will", qos0);
  peer& a = broker.connected("a", v5, {.will = mqtt::will{.topic_name = "will", .payload = {'w'}}});
  a.send(mqtt::disconnect{.properties = {mqtt::session_expiry_interval(60)}});
  a.expect_refusal(mqtt::reason_code::protocol_error);
  watcher.expect_publish("w");
  EXPECT_FALSE(broker.open(v5).connect({.client_id = "a", .clean_start = false}).session_present);
}

TEST(WillV5, ExpiresFromItsPublicationOn) {
  bench broker;
  peer& watcher =
      broker.connected("watcher", v5, {.properties = {mqtt::session_expiry_interval(600)}});
  watcher.subscribe("will", qos1);
  watcher.drop();
  const mqtt::connect packet{.will = mqtt::will{.topic_name = "will",
                                                .payload = {'w'},
                                                .qos = qos1,
                                                .properties = {mqtt::will_delay_interval(30),
                                                               mqtt::message_expiry_interval(20)}},
                             .properties = {mqtt::session_expiry_interval(600)}};
  broker.connected("a", v5, packet).drop();
  broker.advance(std::chrono::seconds(45));  // published at 30, expires at 50
  peer& again = broker.connected(
      "watcher", v5, {.clean_start = false, .properties = {mqtt::session_expiry_interval(600)}});
  const auto came = again.expect_publish("w");
  EXPECT_EQ(came.properties.find<mqtt::property_id::message_expiry_interval>(), 5U);
}

}  // namespace
}  // namespace gauntlet::broker
