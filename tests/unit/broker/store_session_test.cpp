// Goal: a broker that was killed and started again goes on with its sessions as if nothing had
// happened.

#include "tests/unit/broker/store_bench.hpp"

namespace gauntlet::broker {
namespace {

using std::chrono::seconds;

class StoredSession : public both_versions {
 protected:
  static constexpr std::uint32_t expiry_s = 100;

  mqtt::connect lasting(bool clean_start = false) const {
    mqtt::connect packet{.clean_start = clean_start};
    if (is_v5()) packet.properties.add(mqtt::session_expiry_interval(expiry_s));
    return packet;
  }
  peer& connected(store_bench& broker, std::string client_id) const {
    return broker->connected(std::move(client_id), version(), lasting());
  }
  // Connects again; says whether the session was there.
  bool resumes(store_bench& broker, std::string client_id, peer*& as) const {
    as = &broker->open(version());
    mqtt::connect packet = lasting();
    packet.client_id = std::move(client_id);
    return as->connect(packet).session_present;
  }
  peer& resumed(store_bench& broker, std::string client_id) const {
    peer* as = nullptr;
    EXPECT_TRUE(resumes(broker, std::move(client_id), as));
    return *as;
  }
  void publish(store_bench& broker, std::string topic, std::string_view payload,
               mqtt::qos qos = qos1) const {
    broker->connected("p", version()).publish(std::move(topic), payload, qos);
  }
};
INSTANTIATE_TEST_SUITE_P(Versions, StoredSession, testing::Values(v3, v5), version_suffix);

TEST_P(StoredSession, KeepsItsSubscriptions) {
  store_bench broker;
  connected(broker, "a").subscribe("t/+", qos2);
  broker.kill_and_restart();
  publish(broker, "t/1", "offline", qos1);
  peer& a = resumed(broker, "a");
  EXPECT_EQ(a.expect_publish("offline").qos, qos1);
  publish(broker, "t/2", "online", qos2);
  EXPECT_EQ(a.expect_publish("online").qos, qos2);
}

TEST_P(StoredSession, ForgetsAnEndedSubscription) {
  store_bench broker;
  peer& a = connected(broker, "a");
  a.subscribe("t", qos1);
  a.subscribe("u", qos1);
  a.send(mqtt::unsubscribe{.packet_identifier = 9, .topic_filters = {"t"}});
  broker.kill_and_restart();
  publish(broker, "t", "not wanted");
  publish(broker, "u", "wanted");
  resumed(broker, "a").expect_publish("wanted");
}

TEST_P(StoredSession, KeepsQueuedMessagesInOrder) {
  store_bench broker;
  peer& a = connected(broker, "a");
  a.subscribe("t", qos2);
  a.drop();
  for (const auto* payload : {"1", "2", "3"}) publish(broker, "t", payload, qos2);
  broker.kill_and_restart();
  publish(broker, "t", "4", qos2);
  broker.kill_and_restart();
  peer& again = resumed(broker, "a");
  for (const auto* payload : {"1", "2", "3", "4"}) {
    EXPECT_FALSE(again.expect_publish(payload).dup);
  }
  again.expect_nothing();
}

TEST_P(StoredSession, SendsAgainWhatWasNotAcknowledged) {
  store_bench broker;
  peer& a = connected(broker, "a");
  a.subscribe("t", qos2);
  for (const auto* payload : {"1", "2", "3"}) publish(broker, "t", payload, qos2);
  const auto first = a.expect_publish("1");
  const auto second = a.expect_publish("2");
  const auto third = a.expect_publish("3");
  a.send(mqtt::pubrec{.packet_identifier = first.packet_identifier});
  a.expect(mqtt::pubrel{.packet_identifier = first.packet_identifier});
  a.send(mqtt::pubcomp{.packet_identifier = first.packet_identifier});
  a.send(mqtt::pubrec{.packet_identifier = second.packet_identifier});
  a.expect(mqtt::pubrel{.packet_identifier = second.packet_identifier});

  broker.kill_and_restart();
  peer& again = resumed(broker, "a");
  again.expect(mqtt::pubrel{.packet_identifier = second.packet_identifier});
  const auto repeated = again.expect_publish("3");
  EXPECT_TRUE(repeated.dup);
  EXPECT_EQ(repeated.packet_identifier, third.packet_identifier);
  again.expect_nothing();
  publish(broker, "t", "4", qos2);
  EXPECT_EQ(again.expect_publish("4").packet_identifier, third.packet_identifier + 1);
}

TEST_P(StoredSession, ForgetsWhatWasAcknowledged) {
  store_bench broker;
  peer& a = connected(broker, "a");
  a.subscribe("t", qos1);
  publish(broker, "t", "1");
  a.send(mqtt::puback{.packet_identifier = a.expect_publish("1").packet_identifier});
  broker.kill_and_restart();
  resumed(broker, "a").expect_nothing();
}

TEST_P(StoredSession, TakesNoQos2MessageTwice) {
  store_bench broker;
  connected(broker, "s").subscribe("t", qos2);
  peer& a = connected(broker, "a");
  mqtt::publish packet{.topic_name = "t", .payload = {1}};
  packet.qos = qos2;
  packet.packet_identifier = 7;
  a.send(packet);
  EXPECT_EQ(a.expect<mqtt::pubrec>().packet_identifier, 7);

  broker.kill_and_restart();
  peer& again = resumed(broker, "a");
  packet.dup = true;
  again.send(packet);
  again.expect(mqtt::pubrec{.packet_identifier = 7});
  again.send(mqtt::pubrel{.packet_identifier = 7});
  again.expect(mqtt::pubcomp{.packet_identifier = 7});
  peer& s = resumed(broker, "s");
  s.expect_publish("\x01");
  s.expect_nothing();

  broker.kill_and_restart();  // the identifier is free again
  packet.dup = false;
  resumed(broker, "a").send(packet);
  peer& last = resumed(broker, "s");
  last.expect_publish("\x01");  // sent again, for it was not acknowledged
  last.expect_publish("\x01");
}

TEST_P(StoredSession, IsGoneAfterItsEnd) {
  store_bench broker;
  connected(broker, "a").subscribe("t", qos1);
  publish(broker, "t", "waits");
  broker.kill_and_restart();
  broker->connected("a", version(), lasting(true)).send(mqtt::disconnect{});
  broker.kill_and_restart();
  EXPECT_EQ(broker->core.statistics().subscriptions, 0U);
}

TEST_P(StoredSession, IsNotThereIfItEndsWithItsConnection) {
  store_bench broker;
  broker->connected("a", version()).subscribe("t", qos1);
  publish(broker, "t", "waits");
  broker.kill_and_restart();
  EXPECT_EQ(broker->core.statistics().sessions, 0U);
  peer* a = nullptr;
  EXPECT_FALSE(resumes(broker, "a", a));
}

TEST_P(StoredSession, ExpiresWhileTheBrokerIsDown) {
  options chosen;
  chosen.capabilities.session_expiry_interval_max_s = expiry_s;
  store_bench broker(chosen);
  connected(broker, "a").drop();
  broker->advance(seconds(expiry_s / 2));
  broker.kill_and_restart(seconds(expiry_s / 2 - 1));
  EXPECT_EQ(broker->core.statistics().sessions, 1U);
  broker.kill_and_restart(seconds(1));
  EXPECT_EQ(broker->core.statistics().sessions, 0U);
}

TEST_P(StoredSession, CountsFromTheRestartIfTheKillCutItsConnection) {
  options chosen;
  chosen.capabilities.session_expiry_interval_max_s = expiry_s;
  store_bench broker(chosen);
  connected(broker, "a");
  broker.kill_and_restart(seconds(10 * expiry_s));
  EXPECT_EQ(broker->core.statistics().sessions, 1U);
  broker->advance(seconds(expiry_s - 1));
  EXPECT_EQ(broker->core.statistics().sessions, 1U);
  broker->advance(seconds(1));
  EXPECT_EQ(broker->core.statistics().sessions, 0U);
}

// What only 5.0 has.
mqtt::connect lasting_v5() {
  mqtt::connect packet;
  packet.properties.add(mqtt::session_expiry_interval(100));
  return packet;
}

peer& resumed_v5(store_bench& broker, std::string client_id) {
  mqtt::connect packet = lasting_v5();
  packet.clean_start = false;
  return broker->connected(std::move(client_id), v5, packet);
}

TEST(StoredClientIdentifier, IsNotAssignedAgain) {
  store_bench broker;
  const auto assigned = [&] {
    const auto answer = broker->open(v5).connect(lasting_v5());
    const auto found = answer.properties.find<mqtt::property_id::assigned_client_identifier>();
    return std::string(found.value_or(""));
  };
  const std::string first = assigned();
  EXPECT_NE(first, "");
  broker.kill_and_restart();
  broker->advance(seconds(1000));
  ASSERT_EQ(broker->core.statistics().sessions, 0U);
  EXPECT_NE(assigned(), first);
}

TEST(StoredSubscription, KeepsItsOptions) {
  store_bench broker;
  peer& a = broker->connected("a", v5, lasting_v5());
  mqtt::subscribe packet{.packet_identifier = 1};
  packet.properties.add(mqtt::subscription_identifier(77));
  mqtt::subscription_options options;
  options.maximum_qos = qos1;
  options.no_local = true;
  options.retain_as_published = true;
  packet.subscriptions.push_back({"t", options});
  a.send(packet);
  broker->connected("p", v5).publish("t", "before", qos1, true);
  broker.kill_and_restart();

  peer& again = resumed_v5(broker, "a");
  const auto check = [](const mqtt::publish& came) {
    EXPECT_TRUE(came.retain);
    EXPECT_EQ(came.properties.find<mqtt::property_id::subscription_identifier>(), 77U);
  };
  check(again.expect_publish("before"));
  again.publish("t", "own", qos1);
  broker->connected("p", v5).publish("t", "after", qos1, true);
  check(again.expect_publish("after"));
}

TEST(StoredSubscription, StaysShared) {
  store_bench broker;
  broker->connected("a", v5, lasting_v5()).subscribe("$share/g/t", qos1);
  broker->connected("b", v5, lasting_v5()).subscribe("$share/g/t", qos1);
  broker.kill_and_restart();
  peer& a = resumed_v5(broker, "a");
  peer& b = resumed_v5(broker, "b");
  peer& publisher = broker->connected("p", v5);
  publisher.publish("t", "1", qos1);
  publisher.publish("t", "2", qos1);
  const std::string first(as_text(a.expect<mqtt::publish>().payload));
  const std::string second(as_text(b.expect<mqtt::publish>().payload));
  EXPECT_NE(first, second);
  a.expect_nothing();
  b.expect_nothing();
}

TEST(StoredSubscription, HandsItsSharedMessagesOnAfterARestart) {
  store_bench broker;
  broker->connected("a", v5, lasting_v5()).subscribe("$share/g/t", qos1);
  peer& b = broker->connected("b", v5, lasting_v5());
  b.subscribe("$share/g/t", qos1);
  b.drop();
  resumed_v5(broker, "a").drop();
  for (const auto* payload : {"1", "2"}) broker->connected("p", v5).publish("t", payload, qos1);
  broker.kill_and_restart();
  // One of them ends for good: the other has both.
  peer& a = resumed_v5(broker, "a");
  mqtt::disconnect farewell;
  farewell.properties.add(mqtt::session_expiry_interval(0));
  a.send(farewell);
  peer& heir = resumed_v5(broker, "b");
  EXPECT_NE(as_text(heir.expect<mqtt::publish>().payload),
            as_text(heir.expect<mqtt::publish>().payload));
}

TEST(StoredMessage, ExpiresWhileTheBrokerIsDown) {
  store_bench broker;
  peer& a = broker->connected("a", v5, lasting_v5());
  a.subscribe("t", qos1);
  a.drop();
  for (const std::uint32_t interval : {10U, 30U}) {
    mqtt::publish packet{.topic_name = "t", .payload = {static_cast<std::uint8_t>(interval)}};
    packet.qos = qos1;
    packet.properties.add(mqtt::message_expiry_interval(interval));
    packet.properties.add(mqtt::content_type("text/plain"));
    broker->connected("p", v5).publish_with(packet);
  }
  broker.kill_and_restart(seconds(20));
  peer& again = resumed_v5(broker, "a");
  const auto came = again.expect_publish("\x1e");
  EXPECT_EQ(came.properties.find<mqtt::property_id::message_expiry_interval>(), 10U);
  EXPECT_EQ(came.properties.find<mqtt::property_id::content_type>(), "text/plain");
  again.expect_nothing();
}

}  // namespace
}  // namespace gauntlet::broker
