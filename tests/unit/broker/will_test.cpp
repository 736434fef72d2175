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

}  // namespace
}  // namespace gauntlet::broker
