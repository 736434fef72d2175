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
