// Goal: whoever has written a scenario reads what it will do, and what nobody will judge.

#include "sim/plan/plan_explanation.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gauntlet::sim {
namespace {

using testing::HasSubstr;
using testing::Not;

fleet_plan plan_of(const std::string& text) {
  auto made = parse_scenario("name: a\n" + text, "f");
  EXPECT_TRUE(made) << config::to_failure(made.error()).message;
  return fleet_plan(std::move(*made));
}

const std::string fleet =
    "fleet:\n"
    "  - {group: idle, count: 1}\n"
    "  - {group: watcher, count: 2, subscribe: [{filter: \"m/+\", qos: 1}]}\n"
    "  - group: meters\n"
    "    count: 10\n"
    "    protocol: {3.1.1: 50%, 5.0: 50%}\n"
    "    publish:\n"
    "      - {topic: \"m/{index}\", every: 1s, qos: 1, payload: {random: 100B}}\n"
    "      - {topic: \"secret/{index}\", every: 2s, poisson: true, retain: true, payload: x}\n"
    "      - {topic: \"once\", first: 3s, count: 1, payload: x}\n";

TEST(PlanExplanation, TellsWhatEachGroupDoes) {
  const std::string said = explain(plan_of("duration: 10s\n" + fleet + "expect: [{lost: 0}]\n"));
  EXPECT_THAT(said, HasSubstr("  idle: 1 device, MQTT 5.0\n    only connects\n"));
  EXPECT_THAT(said, HasSubstr("  watcher: 2 devices, MQTT 5.0\n    hears \"m/+\", QoS 1\n"));
  EXPECT_THAT(said, HasSubstr("  meters: 10 devices, MQTT 3.1.1 and 5.0\n"
                              "    sends \"m/{index}\", QoS 1, every 1s: 10/s of 100 bytes, "
                              "delivered 20/s\n"));
  EXPECT_THAT(said, HasSubstr("QoS 0, retained, about every 2s: 5/s of 74 bytes; nobody "
                              "subscribes, so its deliveries are not judged\n"));
  EXPECT_THAT(said, HasSubstr("\"once\", QoS 0, once after 3s: 1/s of"));
  EXPECT_THAT(said, HasSubstr("Load: 16/s messages with 1.4 KB/s of payload to the broker, 20/s "
                              "deliveries with 2 KB/s from it\n"));
  EXPECT_THAT(said, HasSubstr("Expected:\n  No message is lost\n"));
  EXPECT_THAT(said, HasSubstr("Measured, but not judged: whether all devices connect, whether "
                              "everything is sent, duplicates, order, latency\n"));
}

TEST(PlanExplanation, TellsHowDevicesLive) {
  const auto said_of = [](const std::string& keys, const std::string& rest = "") {
    return explain(
        plan_of("duration: 1h\n" + rest + "fleet: [{group: g, count: 10, " + keys + "}]\n"));
  };
  EXPECT_THAT(said_of("life_cycle: {sleep: {awake: 5s, asleep: 1m}}"),
              HasSubstr("    is awake 5s, asleep 1m, leaves with DISCONNECT\n"));
  EXPECT_THAT(said_of("life_cycle: {visit: {every: 5m, linger: 2s}, departure: reset}"),
              HasSubstr("    comes every 5m, stays 2s longer, leaves with a reset\n"));
  EXPECT_THAT(said_of("life_cycle: {flapping: {up: 1m, down: 2s}}"),
              HasSubstr("    is connected about 1m, gone about 2s, leaves abruptly\n"));
  EXPECT_THAT(said_of("life_cycle: {roaming: {every: 5m}}"),
              HasSubstr("    takes another address every about 5m\n"));
  EXPECT_THAT(said_of("consume: {rate: 10/s}"), HasSubstr("    takes at most 10/s messages\n"));
  EXPECT_THAT(
      said_of("keep_alive: 1m",
              "disturbances: [{at: 5m, storm: {share: 30%, groups: [g], within: 1s, "
              "back_within: 10s}}]\n"),
      HasSubstr("Disturbances:\n  at 5m 30% of g leave abruptly within 1s, back within 10s\n"));
}

TEST(PlanExplanation, SaysThatNothingIsExpected) {
  const std::string said = explain(
      plan_of("duration: 10s\nfleet: [{group: g, count: 10, publish: [{topic: t, every: 1s, "
              "payload: x}]}]\n"));
  EXPECT_THAT(said, HasSubstr("Expected: nothing, so that a run that completes passes"));
  EXPECT_THAT(said, Not(HasSubstr("Measured, but not judged")));
}

TEST(PlanExplanation, AsksForFiguresOfEachPublication) {
  const auto sums = figures_of(plan_of("duration: 10s\n" + fleet));
  ASSERT_EQ(sums.size(), 3U);
  ASSERT_EQ(sums[2].size(), 3U);
  EXPECT_EQ(sums[2][0].messages, 100);
  EXPECT_EQ(sums[2][0].deliveries, 200);
  EXPECT_EQ(sums[2][2].messages, 10);
  EXPECT_EQ(sums[2][2].deliveries, 0);
}

}  // namespace
}  // namespace gauntlet::sim
