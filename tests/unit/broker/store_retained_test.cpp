// Goal: retained messages and wills survive the broker's death, and their clocks go on.

#include "tests/unit/broker/store_bench.hpp"

namespace gauntlet::broker {
namespace {

using std::chrono::seconds;

class StoredRetained : public both_versions {};
INSTANTIATE_TEST_SUITE_P(Versions, StoredRetained, testing::Values(v3, v5), version_suffix);

TEST_P(StoredRetained, HoldsTheLatestOfEachTopic) {
  store_bench broker;
  peer& publisher = broker->connected("p", version());
  publisher.publish("t/1", "old", qos1, true);
  publisher.publish("t/1", "new", qos1, true);
  publisher.publish("t/2", "removed", qos2, true);
  publisher.publish("t/2", "", qos2, true);
  publisher.publish("t/3", "third", qos0, true);
  publisher.send(mqtt::pingreq{});
  broker.kill_and_restart();
  EXPECT_EQ(broker->core.statistics().retained_messages, 2U);
  peer& a = broker->connected("a", version());
  a.subscribe("t/#", qos2);
  const auto came = a.expect_publish("new");
  EXPECT_TRUE(came.retain);
  EXPECT_EQ(came.qos, qos1);
  a.expect_publish("third");
  a.expect_nothing();
}

TEST_P(StoredRetained, SurvivesManyRestarts) {
  store_bench broker;
  for (const auto* payload : {"1", "2", "3"}) {
    broker->connected("p", version()).publish("t", payload, qos1, true);
    broker.kill_and_restart();
    peer& a = broker->connected("a", version());
    a.subscribe("t", qos1);
    a.expect_publish(payload);
  }
}

TEST(StoredRetainedMessage, ExpiresWhileTheBrokerIsDown) {
  store_bench broker;
  mqtt::publish packet{.topic_name = "t", .payload = {1}};
  packet.qos = qos1;
  packet.retain = true;
  packet.properties.add(mqtt::message_expiry_interval(10));
  broker->connected("p", v5).publish_with(packet);
  broker.kill_and_restart(seconds(9));
  peer& a = broker->connected("a", v5);
  a.subscribe("t", qos1);
  a.expect_publish("\x01");
  broker.kill_and_restart(seconds(1));
  peer& late = broker->connected("a", v5);
  late.subscribe("t", qos1);
  late.expect_nothing();
}

class StoredWill : public both_versions {
 protected:
  mqtt::connect with_will(std::uint32_t delay_s, std::uint32_t expiry_s) const {
    mqtt::connect packet;
    packet.will.emplace();
    packet.will->topic_name = "will";
    packet.will->payload = {'g', 'o', 'n', 'e'};
    packet.will->qos = qos1;
    if (delay_s > 0) packet.will->properties.add(mqtt::will_delay_interval(delay_s));
    if (expiry_s > 0) packet.properties.add(mqtt::session_expiry_interval(expiry_s));
    return packet;
  }
  // Somebody whose session waits for the will.
  void listen(store_bench& broker) const {
    mqtt::connect packet{.clean_start = false};
    if (is_v5()) packet.properties.add(mqtt::session_expiry_interval(0xFFFFFFFF));
    broker->connected("listener", version(), packet).subscribe("will", qos1);
  }
  peer& listener(store_bench& broker) const {
    mqtt::connect packet{.clean_start = false};
    if (is_v5()) packet.properties.add(mqtt::session_expiry_interval(0xFFFFFFFF));
    return broker->connected("listener", version(), packet);
  }
};
INSTANTIATE_TEST_SUITE_P(Versions, StoredWill, testing::Values(v3, v5), version_suffix);

// The kill closed the client's connection.
TEST_P(StoredWill, IsPublishedAtTheRestart) {
  store_bench broker;
  listen(broker);
  broker->connected("a", version(), with_will(0, 0));
  broker.kill_and_restart();
  peer& b = listener(broker);
  b.expect_publish("gone");
  b.expect_nothing();
}

TEST_P(StoredWill, IsNotPublishedAfterAGoodbye) {
  store_bench broker;
  listen(broker);
  broker->connected("a", version(), with_will(0, 0)).send(mqtt::disconnect{});
  broker.kill_and_restart();
  listener(broker).expect_nothing();
}

TEST_P(StoredWill, IsPublishedOnce) {
  store_bench broker;
  listen(broker);
  broker->connected("a", version(), with_will(0, 0)).drop();
  peer& b = listener(broker);
  b.send(mqtt::puback{.packet_identifier = b.expect_publish("gone").packet_identifier});
  broker.kill_and_restart();
  listener(broker).expect_nothing();
}

class StoredWillDelay : public StoredWill {};
INSTANTIATE_TEST_SUITE_P(V5, StoredWillDelay, testing::Values(v5), version_suffix);

TEST_P(StoredWillDelay, GoesOnWhileTheBrokerIsDown) {
  store_bench broker;
  listen(broker);
  broker->connected("a", version(), with_will(60, 1000)).drop();
  broker->advance(seconds(20));
  broker.kill_and_restart(seconds(20));
  peer& b = listener(broker);
  broker->advance(seconds(19));
  b.expect_nothing();
  broker->advance(seconds(1));
  b.expect_publish("gone");
}

TEST_P(StoredWillDelay, BeginsAtTheRestartIfTheKillCutTheConnection) {
  store_bench broker;
  listen(broker);
  broker->connected("a", version(), with_will(60, 1000));
  broker.kill_and_restart(seconds(20));
  peer& b = listener(broker);
  broker->advance(seconds(59));
  b.expect_nothing();
  broker->advance(seconds(1));
  b.expect_publish("gone");
}

TEST_P(StoredWillDelay, IsOverWhenTheSessionEndsWhileTheBrokerIsDown) {
  store_bench broker;
  listen(broker);
  broker->connected("a", version(), with_will(60, 30)).drop();
  broker.kill_and_restart(seconds(40));
  listener(broker).expect_publish("gone");
}

TEST_P(StoredWillDelay, IsCalledOffByAReturn) {
  store_bench broker;
  listen(broker);
  broker->connected("a", version(), with_will(60, 1000)).drop();
  broker.kill_and_restart();
  mqtt::connect packet{.clean_start = false};
  packet.properties.add(mqtt::session_expiry_interval(1000));
  broker->connected("a", version(), packet).send(mqtt::disconnect{});
  broker.kill_and_restart(seconds(100));
  listener(broker).expect_nothing();
}

}  // namespace
}  // namespace gauntlet::broker
