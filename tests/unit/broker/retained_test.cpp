// Goal: a topic keeps the last message published with RETAIN 1, and gives it to those who ask.

#include "tests/unit/broker/bench.hpp"

namespace gauntlet::broker {
namespace {

class Retained : public both_versions {
 protected:
  void SetUp() override {
    from = &broker.connected("from", version());
    to = &broker.connected("to", version());
  }
  bench broker;
  peer* from = nullptr;
  peer* to = nullptr;
};
INSTANTIATE_TEST_SUITE_P(Versions, Retained, testing::Values(v3, v5), version_suffix);

TEST_P(Retained, IsSentAtSubscribeWithTheFlag) {
  from->publish("t", "old", qos1, true);
  from->publish("t", "new", qos1, true);
  to->subscribe("t", qos2);
  const auto came = to->expect_publish("new");
  EXPECT_TRUE(came.retain);
  EXPECT_EQ(came.qos, qos1);
  to->expect_nothing();
}

TEST_P(Retained, IsForwardedWithoutTheFlag) {
  to->subscribe("t", qos0);
  from->publish("t", "x", qos0, true);
  EXPECT_FALSE(to->expect_publish("x").retain);
}

TEST_P(Retained, IsRemovedByAnEmptyPayload) {
  to->subscribe("t", qos0);
  from->publish("t", "x", qos0, true);
  from->publish("t", "", qos0, true);
  to->expect_publish("x");
  EXPECT_FALSE(to->expect_publish("").retain);
  peer& late = broker.connected("late", version());
  late.subscribe("t", qos0);
  late.expect_nothing();
}

TEST_P(Retained, IsNotTouchedByOtherMessages) {
  from->publish("t", "kept", qos0, true);
  from->publish("t", "other", qos0, false);
  to->subscribe("t", qos0);
  to->expect_publish("kept");
}

TEST_P(Retained, OutlivesItsPublisher) {
  from->publish("t", "x", qos0, true);
  from->drop();
  to->subscribe("t", qos0);
  to->expect_publish("x");
}

TEST_P(Retained, IsFoundByEveryKindOfFilter) {
  for (const char* topic : {"a", "a/b", "ab", "a/b/c", "/a", "b/b"}) {
    from->publish(topic, topic, qos0, true);
  }
  const auto topics_for = [this](const std::string& filter) {
    peer& reader = broker.connected("reader", version());
    reader.subscribe(filter, qos0);
    std::string topics;
    reader.send(mqtt::pingreq{});
    for (;;) {
      const mqtt::packet next = reader.expect();
      const auto* const came = std::get_if<mqtt::publish>(&next);
      if (came == nullptr) return topics;
      topics += came->topic_name + " ";
    }
  };
  EXPECT_EQ(topics_for("a"), "a ");
  EXPECT_EQ(topics_for("a/#"), "a a/b a/b/c ");
  EXPECT_EQ(topics_for("+/b"), "a/b b/b ");
  EXPECT_EQ(topics_for("+"), "a ab ");
  EXPECT_EQ(topics_for("a/+"), "a/b ");
  EXPECT_EQ(topics_for("#"), "/a a a/b a/b/c ab b/b ");
}

TEST_P(Retained, BeyondTheLimitIsNotStored) {
  bench narrow({.limits = {.retained_messages_max = 1}});
  peer& a = narrow.connected("a", version());
  a.publish("t", "1", qos0, true);
  a.publish("u", "2", qos0, true);
  a.publish("t", "3", qos0, true);
  a.subscribe("#", qos0);
  a.expect_publish("3");
  a.expect_nothing();
}

TEST_P(Retained, BeyondTheLimitOfBytesIsNotStored) {
  bench narrow({.limits = {.retained_bytes_max = 100}});
  peer& a = narrow.connected("a", version());
  a.publish("t", std::string(90, 'x'), qos0, true);
  a.publish("u", std::string(90, 'y'), qos0, true);
  a.subscribe("#", qos0);
  a.expect_publish(std::string(90, 'x'));
  a.expect_nothing();
}

TEST(RetainHandling, SaysWhenToSend) {
  bench broker;
  peer& a = broker.connected("a", v5);
  a.publish("t", "x", qos0, true);
  using enum mqtt::retain_handling;

  a.subscribe("t", qos0, {.retain_handling = do_not_send});
  a.expect_nothing();
  a.subscribe("t", qos0, {.retain_handling = send_if_new});
  a.expect_nothing();
  a.subscribe("t", qos0, {.retain_handling = send_at_subscribe});
  a.expect_publish("x");
  a.subscribe("+", qos0, {.retain_handling = send_if_new});
  a.expect_publish("x");
}

TEST(RetainHandling, NeverSendsToSharedSubscriptions) {
  bench broker;
  peer& a = broker.connected("a", v5);
  a.publish("t", "x", qos0, true);
  a.subscribe("$share/g/t", qos0);
  a.expect_nothing();
}

TEST(RetainedV5, ExpiresInTheStore) {
  bench broker;
  peer& a = broker.connected("a", v5);
  a.publish_with({.retain = true,
                  .topic_name = "t",
                  .properties = {mqtt::message_expiry_interval(10)},
                  .payload = {'x'}});
  broker.advance(std::chrono::seconds(4));
  a.subscribe("t", qos0);
  const auto came = a.expect_publish("x");
  EXPECT_EQ(came.properties.find<mqtt::property_id::message_expiry_interval>(), 6U);
  broker.advance(std::chrono::seconds(6));
  a.subscribe("t", qos0);
  a.expect_nothing();
  EXPECT_EQ(broker.core.statistics().retained_messages, 0U);
}

// It goes to those who are there as any other message [MQTT-3.3.1-6, 3.1.1: PR3-3.3.1.3-a].
TEST_P(Retained, RemovalIsDelivered) {
  peer& a = broker.connected("a", version());
  a.subscribe("t", qos1);
  broker.connected("b", version()).publish("t", "", qos1, true);
  EXPECT_FALSE(a.expect_publish("").retain);
  peer& late = broker.connected("late", version());
  late.subscribe("t", qos1);
  late.expect_nothing();
}

// A filter that is not identical makes a new subscription [PR3-3.8.4-b].
TEST_P(Retained, ComesForEachNewFilter) {
  peer& a = broker.connected("a", version());
  a.publish("a/b", "x", qos1, true);
  a.subscribe("a/+", qos1);
  a.expect_publish("x");
  a.subscribe("a/b", qos1);
  EXPECT_TRUE(a.expect_publish("x").retain);
  a.subscribe("a/b", qos1);
  EXPECT_TRUE(a.expect_publish("x").retain);
}

TEST(RetainedV5, KeepsItsFlagAndIdentifierAtSubscribe) {
  bench broker;
  peer& a = broker.connected("a", v5);
  a.publish("t", "x", qos0, true);
  a.send(mqtt::subscribe{.packet_identifier = 1,
                         .subscriptions = {{"t", {.retain_as_published = false}}},
                         .properties = {mqtt::subscription_identifier(9)}});
  a.expect<mqtt::suback>();
  const auto came = a.expect_publish("x");
  EXPECT_TRUE(came.retain);
  EXPECT_EQ(came.properties.find<mqtt::property_id::subscription_identifier>(), 9U);
}

}  // namespace
}  // namespace gauntlet::broker
