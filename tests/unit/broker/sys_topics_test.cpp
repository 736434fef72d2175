// Goal: $SYS tells the broker's counts to those who asked, and nobody else.

#include <map>

#include "tests/unit/broker/bench.hpp"

namespace gauntlet::broker {
namespace {

// Everything that has come, by topic; all with this RETAIN flag.
std::map<std::string, std::string> values(peer& to, std::size_t count, bool retain) {
  std::map<std::string, std::string> found;
  for (std::size_t i = 0; i < count; ++i) {
    const auto came = to.expect<mqtt::publish>();
    EXPECT_EQ(came.retain, retain);
    found[came.topic_name] = std::string(as_text(came.payload));
  }
  to.expect_nothing();
  return found;
}

constexpr std::size_t topic_count = 18;

class SysTopics : public both_versions {};
INSTANTIATE_TEST_SUITE_P(Versions, SysTopics, testing::Values(v3, v5), version_suffix);

TEST_P(SysTopics, ComeAtOnceAndThenAgain) {
  bench broker;
  peer& a = broker.connected("a", version());
  broker.advance(std::chrono::seconds(3));
  a.subscribe("$SYS/#", qos0);
  auto told = values(a, topic_count, true);
  EXPECT_TRUE(told["$SYS/broker/version"].starts_with("gauntlet "));
  EXPECT_EQ(told["$SYS/broker/uptime"], "3 seconds");
  EXPECT_EQ(told["$SYS/broker/clients/connected"], "1");
  EXPECT_EQ(told["$SYS/broker/subscriptions/count"], "1");
  EXPECT_EQ(told["$SYS/broker/publish/messages/received"], "0");

  broker.connected("b", version()).publish("t", "x", qos0, true);
  broker.advance(std::chrono::seconds(10));
  told = values(a, topic_count, false);
  EXPECT_EQ(told["$SYS/broker/uptime"], "13 seconds");
  EXPECT_EQ(told["$SYS/broker/clients/connected"], "2");
  EXPECT_EQ(told["$SYS/broker/publish/messages/received"], "1");
  EXPECT_EQ(told["$SYS/broker/retained messages/count"], "1");
  broker.advance(std::chrono::seconds(10));
  values(a, topic_count, false);
}

TEST_P(SysTopics, AreNoMatchForWildcardsAtTheFirstLevel) {
  bench broker;
  peer& a = broker.connected("a", version());
  a.subscribe("$SYS/broker/uptime", qos0);
  values(a, 1, true);
  peer& b = broker.connected("b", version());
  b.subscribe("#", qos0);
  b.subscribe("+/broker/uptime", qos0);
  broker.advance(std::chrono::seconds(10));
  values(a, 1, false);
  b.expect_nothing();
}

TEST_P(SysTopics, CanBeOff) {
  bench broker({.sys_interval = duration::zero()});
  peer& a = broker.connected("a", version());
  a.subscribe("$SYS/#", qos0);
  broker.advance(std::chrono::minutes(1));
  a.expect_nothing();
}

TEST(SysTopics, RunNoTimerWithoutSubscribers) {
  bench broker;
  peer& a = broker.connected("a", v5);
  EXPECT_FALSE(broker.core.next_due().has_value());
  a.subscribe("$SYS/broker/uptime", qos0);
  a.expect<mqtt::publish>();
  EXPECT_TRUE(broker.core.next_due().has_value());
  a.send(mqtt::disconnect{});
  broker.advance(std::chrono::seconds(10));
  EXPECT_FALSE(broker.core.next_due().has_value());
}

TEST(SysTopics, KeepToTheSubscribersWishes) {
  bench broker;
  peer& a = broker.connected("a", v5);
  a.subscribe("$SYS/broker/uptime", qos0,
              {.retain_as_published = true, .retain_handling = mqtt::retain_handling::do_not_send});
  a.expect_nothing();
  broker.advance(std::chrono::seconds(10));
  values(a, 1, true);  // Retain As Published
}

TEST(SysTopics, CountPacketsAndBytes) {
  bench broker;
  peer& a = broker.connected("a", v3);
  a.send(mqtt::pingreq{});
  a.expect(mqtt::pingresp{});
  const statistics counted = broker.core.statistics();
  EXPECT_EQ(counted.packets_received, 2U);
  EXPECT_EQ(counted.packets_sent, 2U);
  EXPECT_EQ(counted.bytes_received, 15U + 2U);  // CONNECT of client "a", PINGREQ
  EXPECT_EQ(counted.bytes_sent, 4U + 2U);       // CONNACK, PINGRESP
  EXPECT_EQ(counted.clients, 1U);
  a.drop();
  EXPECT_EQ(broker.core.statistics().clients, 0U);
  EXPECT_EQ(broker.core.statistics().clients_max, 1U);
}

}  // namespace
}  // namespace gauntlet::broker
