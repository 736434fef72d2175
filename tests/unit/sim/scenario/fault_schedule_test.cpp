// Faults, chaos and guarantees of a scenario as they are read, and what is wrong with those that
// make no sense.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/scenario/scenario.hpp"

namespace gauntlet::sim {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

config::loaded<scenario> parsed(const std::string& more) {
  return parse_scenario(
      "name: made\nduration: 10s\nfleet:\n  - {group: meters, count: 2}\n  - {group: cars, count: "
      "2}\n" +
          more,
      "made.yaml");
}

std::string wrong_with(const std::string& more) {
  const auto made = parsed(more);
  return made ? "nothing" : config::to_failure(made.error()).message;
}

TEST(FaultSchedule, ReadsFaultsWithTheirDevices) {
  const auto made = parsed(
      "faults:\n"
      "  - {groups: [cars], share: 30%, at: 2s, for: 1s, when: {packet: puback}, drop: {}}\n"
      "  - {name: apart, partition: {}}\n");
  ASSERT_TRUE(made) << wrong_with("");
  ASSERT_EQ(made->faults.size(), 2U);
  EXPECT_THAT(made->faults[0].groups, ElementsAre("cars"));
  EXPECT_DOUBLE_EQ(made->faults[0].share, 0.3);
  EXPECT_EQ(made->faults[0].rule.name, "drop");
  EXPECT_EQ(made->faults[0].rule.when.at, std::chrono::seconds(2));
  EXPECT_EQ(made->faults[1].rule.name, "apart");
}

TEST(FaultSchedule, ReadsChaosAndGuarantees) {
  const auto made = parsed(
      "chaos: {every: 2s, at_most: 7, from: [{cut: {}}, {latency: {by: 1s}, for: 3s}]}\n"
      "guarantees: {queue_limit: 100, survives_kill: true}\n");
  ASSERT_TRUE(made);
  EXPECT_EQ(made->chaos->at_most, 7U);
  EXPECT_EQ(made->chaos->from[1].rule.name, "latency");
  EXPECT_EQ(made->guarantees->queue_limit, 100U);
  EXPECT_TRUE(made->guarantees->survives_kill);
  EXPECT_TRUE(parsed("guarantees: true\n")->guarantees);
  EXPECT_FALSE(parsed("guarantees: false\n")->guarantees);
}

TEST(FaultSchedule, ReadsFaultsBelowTcp) {
  const auto made = parsed(
      "faults:\n"
      "  - {at: 2s, for: 1s, link_down: {}}\n"
      "  - {link_loss: {share: 5%}}\n"
      "  - {link_loss: {}}\n"
      "  - {sockets_killed: {at: clients}}\n"
      "  - {link_delay: {delay: 20ms, jitter: 5ms}}\n"
      "  - {link_corrupt: {share: 2%}}\n");
  ASSERT_TRUE(made) << config::to_failure(made.error()).message;
  ASSERT_EQ(made->faults.size(), 6U);
  EXPECT_TRUE(std::holds_alternative<fault_host::link_down>(*made->faults[0].host));
  EXPECT_DOUBLE_EQ(std::get<fault_host::link_loss>(*made->faults[1].host).share, 0.05);
  EXPECT_EQ(std::get<fault_host::sockets_killed>(*made->faults[3].host).at,
            fault_host::link_end::near);
  const auto& delay = std::get<fault_host::link_delay>(*made->faults[4].host);
  EXPECT_EQ(delay.delay, std::chrono::milliseconds(20));
  EXPECT_EQ(delay.jitter, std::chrono::milliseconds(5));
  EXPECT_DOUBLE_EQ(std::get<fault_host::link_corrupt>(*made->faults[5].host).share, 0.02);
  EXPECT_EQ(made->faults[0].rule.name, "link_down");
  EXPECT_EQ(made->faults[2].rule.name, "link_loss-2");
}

TEST(FaultSchedule, KnowsNoDevicesBelowTcp) {
  EXPECT_THAT(wrong_with("faults: [{groups: [cars], link_down: {}}]\n"),
              HasSubstr("link_down is a fault of the network of all devices"));
  EXPECT_THAT(wrong_with("faults: [{when: {packet: puback}, vanish: {}}]\n"),
              HasSubstr("knows no 'when'"));
  EXPECT_THAT(wrong_with("faults: [{link_rate: {rate: 1}}]\n"), HasSubstr("rate"));
}

TEST(FaultSchedule, ReadsFaultsOfTheBroker) {
  const auto made = parsed(
      "faults:\n"
      "  - {name: power, at: 2s, every: 3s, broker: kill, restart_after: 1s, state: lost}\n"
      "  - {broker: pause, for: 2s, optional: true}\n"
      "  - {broker: terminate}\n"
      "  - {broker: terminate, restart_after: 0s}\n"
      "  - {broker: kill, when: {packet: puback, direction: to_client, nth: 137}}\n");
  ASSERT_TRUE(made) << config::to_failure(made.error()).message;
  using kind = scheduled_broker_fault::kind;
  EXPECT_EQ(made->faults[0].broker.what, kind::kill);
  EXPECT_EQ(made->faults[0].broker.restart_after, std::chrono::seconds(1));
  EXPECT_EQ(made->faults[0].broker.store, scheduled_broker_fault::state::lost);
  EXPECT_EQ(made->faults[0].rule.name, "power");
  EXPECT_FALSE(made->faults[0].is_at_packets());
  EXPECT_EQ(made->faults[1].broker.what, kind::pause);
  EXPECT_TRUE(made->faults[1].broker.is_optional);
  EXPECT_EQ(made->faults[1].rule.when.lasting, std::chrono::seconds(2));
  EXPECT_EQ(made->faults[2].rule.name, "broker-terminate");
  EXPECT_EQ(made->faults[3].rule.name, "broker-terminate-2");
  EXPECT_TRUE(made->faults[4].is_at_packets());
}

TEST(FaultSchedule, SaysWhatIsWrongWithFaultsOfTheBroker) {
  EXPECT_THAT(wrong_with("faults: [{broker: slay}]\n"), HasSubstr("made.yaml:6:19:"));
  EXPECT_THAT(wrong_with("faults: [{broker: kill, for: 2s}]\n"),
              HasSubstr("'for' says nothing of a broker that ends: 'restart_after' does"));
  EXPECT_THAT(wrong_with("faults: [{broker: kill, every: 2s}]\n"),
              HasSubstr("'every' needs 'restart_after'"));
  EXPECT_THAT(wrong_with("faults: [{broker: kill, every: 2s, restart_after: 3s}]\n"),
              HasSubstr("the broker ends again before it is back: that takes 3s"));
  EXPECT_THAT(wrong_with("faults: [{broker: pause, every: 2s}]\n"), HasSubstr("say 'for'"));
  EXPECT_THAT(wrong_with("faults: [{broker: pause, state: lost}]\n"),
              HasSubstr("'state' belongs to 'broker: kill'"));
  EXPECT_THAT(wrong_with("faults: [{broker: descriptors}]\n"), HasSubstr("'at_most' is missing"));
  EXPECT_THAT(wrong_with("faults: [{broker: kill, groups: [cars]}]\n"),
              HasSubstr("'groups' says nothing of the broker, which is one"));
  EXPECT_THAT(wrong_with("faults: [{broker: kill, when: {nth: 3}}]\n"), HasSubstr("Say 'packet'"));
  EXPECT_THAT(wrong_with("faults: [{drop: {}, restart_after: 1s}]\n"),
              HasSubstr("'restart_after' belongs to faults of the broker"));
  EXPECT_THAT(wrong_with("faults: [{drop: {}, broker: kill}]\n"), HasSubstr("exactly one of"));
  EXPECT_THAT(wrong_with("chaos: {from: [{broker: kill, when: {packet: puback}}]}\n"),
              HasSubstr("chaos itself chooses when it strikes the broker"));
}

TEST(FaultSchedule, SaysWhatIsWrong) {
  EXPECT_THAT(wrong_with("faults: [{groups: [car], drop: {}}]\n"),
              HasSubstr("there is no group 'car', did you mean 'cars'?"));
  EXPECT_THAT(wrong_with("faults: [{at: 10s, drop: {}}]\n"),
              HasSubstr("the scenario is over before: its duration is 10s"));
  EXPECT_THAT(wrong_with("faults: [{at: 1s}]\n"), HasSubstr("exactly one of 'cut', 'drop'"));
  EXPECT_THAT(wrong_with("faults: [{name: a, drop: {}}, {name: a, cut: {}}]\n"),
              HasSubstr("there is a fault 'a' already"));
  EXPECT_THAT(wrong_with("chaos: {from: [{at: 1s, drop: {}}]}\n"),
              HasSubstr("chaos itself chooses the times"));
  EXPECT_THAT(wrong_with("chaos: {from: []}\n"), HasSubstr("expected 1 to 100 elements"));
  EXPECT_THAT(wrong_with("guarantees: maybe\n"), HasSubstr("true or false"));
  EXPECT_THAT(wrong_with("guarantees: {queue_limit: 0}\n"), HasSubstr("queue_limit"));
}

}  // namespace
}  // namespace gauntlet::sim
