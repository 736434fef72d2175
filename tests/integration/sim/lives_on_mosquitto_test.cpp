// Goal: what lives do under virtual time they do on a real broker: every kind of departure, queued
// messages, takeovers, wills, and a storm of 2,000 devices, without a word against mosquitto.

#include <chrono>
#include <string>

#include <gtest/gtest.h>

#include "tests/integration/sim/fleet.hpp"
#include "tests/support/temporary_directory.hpp"

namespace gauntlet::sim {
namespace {

using std::chrono::seconds;

record::run_result run_on_mosquitto(const std::string& text) {
  const fleet_plan plan(parsed_scenario(text));
  run_options options;
  options.target.target = "mosquitto";
  const test::temporary_directory folder;
  options.target.run_folder = folder.path();
  return run(plan, options);
}

const record::connection_account& account_of(const record::run_result& result,
                                             const std::string& group) {
  for (const auto& each : result.measured.connections) {
    if (each.group == group) return each;
  }
  ADD_FAILURE() << "no group " << group;
  return result.measured.connections.front();
}

void expect_no_loss(const record::run_result& result) {
  EXPECT_EQ(result.ending, record::ending::complete) << result.ending_sentence;
  for (const std::uint8_t qos : {std::uint8_t{1}, std::uint8_t{2}}) {
    const record::delivery_account account = record::total_of(result.measured, qos);
    EXPECT_GT(account.delivered, 0U);
    EXPECT_EQ(account.delivered, account.expected_deliveries) << "QoS " << int{qos};
    EXPECT_EQ(account.lost + account.uncertain + account.unexpected, 0U) << "QoS " << int{qos};
  }
  for (const auto& group : result.measured.connections) {
    EXPECT_TRUE(group.unexpected_disconnects.empty())
        << group.group << ": " << group.unexpected_disconnects.counts().begin()->first;
    EXPECT_EQ(group.sessions_lost, 0U) << group.group;
    EXPECT_EQ(group.left_open, 0U) << group.group;
  }
  EXPECT_EQ(result.measured.wills.missing, 0U);
  EXPECT_EQ(result.measured.wills.unexpected, 0U);
}

std::string sleepers(const std::string& departure) {
  return R"(name: sleepers
duration: 6s
drain: 20s
fleet:
  - group: watcher
    count: 1
    subscribe: [{filter: "will/#", qos: 1}]
  - group: sleepers
    count: 20
    keep_alive: 60s
    clean_start: false
    session_expiry: 1h
    life_cycle: {sleep: {awake: 500ms, asleep: 1s}, departure: )" +
         departure + R"(}
    will: {topic: "will/{index}", qos: 1, payload: gone}
    subscribe: [{filter: "t/#", qos: 2}]
  - group: senders
    count: 4
    publish:
      - {topic: "t/{index}/q1", every: 100ms, qos: 1, payload: one}
      - {topic: "t/{index}/q2", every: 100ms, qos: 2, payload: two}
)";
}

TEST(LivesOnMosquitto, SleepersGetEverythingThatWasQueued) {
  for (const char* departure : {"clean", "abrupt", "half_open"}) {
    const record::run_result result = run_on_mosquitto(sleepers(departure));
    expect_no_loss(result);
    const auto& account = account_of(result, "sleepers");
    EXPECT_GT(account.planned_departures.total(), 20U) << departure;
    EXPECT_EQ(account.sessions_resumed, account.reconnected) << departure;
    EXPECT_EQ(record::total_of(result.measured, 2).delivered, 20U * 4U * 60U) << departure;
  }
}

TEST(LivesOnMosquitto, RoamingDevicesAreTakenOver) {
  const record::run_result result = run_on_mosquitto(R"(name: roaming
duration: 5s
fleet:
  - group: reader
    count: 1
    subscribe: [{filter: "t/#", qos: 2}]
  - group: cars
    count: 30
    clean_start: false
    session_expiry: 1h
    life_cycle: {roaming: {every: 1s}}
    publish:
      - {topic: "t/{index}/q1", every: 200ms, qos: 1, payload: one}
      - {topic: "t/{index}/q2", every: 200ms, qos: 2, payload: two}
)");
  expect_no_loss(result);
  const auto& cars = account_of(result, "cars");
  EXPECT_GT(cars.planned_departures.counts().at("roaming"), 60U);
  EXPECT_EQ(cars.sessions_resumed, cars.reconnected);
}

TEST(LivesOnMosquitto, StormOfTwoThousandDevicesIsOver) {
  const record::run_result result = run_on_mosquitto(R"(name: storm
duration: 8s
drain: 20s
disturbances:
  - {at: 2s, storm: {groups: [meters], within: 500ms, back_within: 2s}}
fleet:
  - group: reader
    count: 1
    subscribe: [{filter: "t/#", qos: 2}]
  - group: meters
    count: 2000
    clean_start: false
    session_expiry: 1h
    publish:
      - {topic: "t/{index}/q1", every: 4s, qos: 1, payload: one}
      - {topic: "t/{index}/q2", every: 4s, qos: 2, payload: two}
)");
  expect_no_loss(result);
  ASSERT_EQ(result.measured.recoveries.size(), 1U);
  const record::recovery_account& recovery = result.measured.recoveries[0];
  EXPECT_EQ(recovery.concerned, 2000U);
  ASSERT_TRUE(recovery.recovered_after(100).has_value());
  EXPECT_GT(*recovery.recovered_after(50), seconds(1));
  EXPECT_LT(*recovery.recovered_after(100), seconds(6));
}

}  // namespace
}  // namespace gauntlet::sim
