// Goal: Topic Aliases towards a client shorten what it is sent, and never confuse it.

#include "tests/unit/broker/bench.hpp"

namespace gauntlet::broker {
namespace {

using mqtt::property_id;

mqtt::connect taking(std::uint16_t aliases, std::uint32_t expiry = 0, bool clean_start = true) {
  return {
      .clean_start = clean_start,
      .properties = {mqtt::topic_alias_maximum(aliases), mqtt::session_expiry_interval(expiry)}};
}

struct sent {
  std::string topic;
  std::uint16_t alias = 0;
  friend bool operator==(const sent&, const sent&) = default;
};

sent next_of(peer& to) {
  const auto came = to.expect<mqtt::publish>();
  return {came.topic_name, came.properties.find<property_id::topic_alias>().value_or(0)};
}

class OutboundAlias : public testing::Test {
 protected:
  peer& subscriber(std::uint16_t aliases) {
    peer& to = broker.connected("to", v5, taking(aliases));
    to.subscribe("#", qos1);
    return to;
  }

  bench broker;
  peer& from = broker.connected("from", v5);
};

TEST_F(OutboundAlias, StandsForTheTopicFromTheSecondMessageOn) {
  peer& to = subscriber(10);
  for (const char* topic : {"a", "b", "a", "b"}) from.publish(topic, "x");
  EXPECT_EQ(next_of(to), (sent{"a", 1}));
  EXPECT_EQ(next_of(to), (sent{"b", 2}));
  EXPECT_EQ(next_of(to), (sent{"", 1}));
  EXPECT_EQ(next_of(to), (sent{"", 2}));
}

TEST_F(OutboundAlias, IsNeverAboveTheClientsMaximum) {
  peer& to = subscriber(1);
  for (const char* topic : {"a", "b", "b", "a"}) from.publish(topic, "x");
  EXPECT_EQ(next_of(to), (sent{"a", 1}));
  EXPECT_EQ(next_of(to), (sent{"b", 0}));
  EXPECT_EQ(next_of(to), (sent{"b", 0}));
  EXPECT_EQ(next_of(to), (sent{"", 1}));
}

TEST_F(OutboundAlias, IsNotUsedWithoutAMaximum) {
  peer& none = subscriber(0);
  peer& old = broker.connected("old", v3);
  old.subscribe("#", qos0);
  for (int i = 0; i < 2; ++i) from.publish("a", "x");
  for (int i = 0; i < 2; ++i) EXPECT_EQ(next_of(none), (sent{"a", 0}));
  for (int i = 0; i < 2; ++i) EXPECT_EQ(next_of(old), (sent{"a", 0}));
}

TEST(OutboundAliasLimit, IsTheBrokersToo) {
  bench broker({.limits = {.outbound_topic_aliases_max = 0}});
  peer& to = broker.connected("to", v5, taking(10));
  to.subscribe("#", qos0);
  to.publish("a", "x");
  EXPECT_EQ(next_of(to), (sent{"a", 0}));
}

TEST_F(OutboundAlias, EndsWithTheConnection) {
  peer& first = broker.connected("to", v5, taking(10, 60));
  first.subscribe("a", qos1);
  from.publish("a", "x", qos1);
  EXPECT_EQ(next_of(first), (sent{"a", 1}));
  from.publish("a", "y", qos1);
  EXPECT_EQ(next_of(first), (sent{"", 1}));
  first.drop();
  // Sent again on a connection that knows no alias yet, and on one that takes none.
  peer& second = broker.connected("to", v5, taking(10, 60, false));
  EXPECT_EQ(next_of(second), (sent{"a", 1}));
  EXPECT_EQ(next_of(second), (sent{"", 1}));
  second.drop();
  peer& third = broker.connected("to", v5, taking(0, 60, false));
  EXPECT_EQ(next_of(third), (sent{"a", 0}));
  EXPECT_EQ(next_of(third), (sent{"a", 0}));
}

TEST_F(OutboundAlias, IsNotGivenByAMessageThatIsTooLarge) {
  mqtt::connect small = taking(10);
  small.properties.add(mqtt::maximum_packet_size(40));
  peer& to = broker.connected("to", v5, small);
  to.subscribe("#", qos0);
  from.publish("a", std::string(50, 'x'));
  from.publish("a", "y");
  EXPECT_EQ(next_of(to), (sent{"a", 1}));
}

TEST_F(OutboundAlias, LeavesTheOtherSubscribersAlone) {
  peer& to = subscriber(10);
  peer& other = broker.connected("other", v5);
  other.subscribe("#", qos1);
  for (int i = 0; i < 2; ++i) from.publish("a", "x", qos1);
  EXPECT_EQ(next_of(to), (sent{"a", 1}));
  EXPECT_EQ(next_of(to), (sent{"", 1}));
  for (int i = 0; i < 2; ++i) EXPECT_EQ(next_of(other), (sent{"a", 0}));
}

// The two directions have mappings of their own (§3.3.2.3.4).
TEST_F(OutboundAlias, HasNothingToDoWithTheClientsAliases) {
  peer& to = subscriber(10);
  to.send(mqtt::publish{.topic_name = "b", .properties = {mqtt::topic_alias(1)}});
  EXPECT_EQ(next_of(to), (sent{"b", 1}));
  from.publish("a", "x");
  EXPECT_EQ(next_of(to), (sent{"a", 2}));
  to.send(mqtt::publish{.properties = {mqtt::topic_alias(1)}});
  EXPECT_EQ(next_of(to), (sent{"", 1}));
}

}  // namespace
}  // namespace gauntlet::broker
