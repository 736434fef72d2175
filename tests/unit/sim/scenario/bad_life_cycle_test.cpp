// Goal: whatever is wrong with a life cycle, a way to come back, an offline buffer or a disturbance
// is told at its place, in words that say what to do; what is right is read as written.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/scenario/scenario.hpp"

namespace gauntlet::sim {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::ElementsAre;

std::vector<std::string> errors(const std::string& keys, const std::string& rest = "") {
  const auto loaded = parse_scenario("name: a\nduration: 10s\nfleet: [{group: g, count: 2" +
                                         (keys.empty() ? "" : ", " + keys) + "}]\n" + rest,
                                     "f");
  std::vector<std::string> lines;
  if (loaded) return {"none"};
  for (const config::diagnostic& one : loaded.error()) lines.push_back(one.message);
  return lines;
}

device_group group_with(const std::string& keys) {
  auto made =
      parse_scenario("name: a\nduration: 10s\nfleet: [{group: g, count: 2, " + keys + "}]\n", "f");
  if (made) return made->fleet[0];
  for (const auto& what : made.error()) ADD_FAILURE() << config::to_string(what);
  return {};
}

TEST(LifeCycleOfAGroup, IsReadAsWritten) {
  const device_group sleeper =
      group_with("life_cycle: {sleep: {awake: 5s, asleep: 55s}, departure: half_open}");
  EXPECT_EQ(sleeper.life.as, life_cycle::kind::sleep);
  EXPECT_EQ(sleeper.life.present, seconds(5));
  EXPECT_EQ(sleeper.life.away, seconds(55));
  EXPECT_EQ(sleeper.life.spread, spread::fixed);
  EXPECT_EQ(sleeper.life.leaves, departure::half_open);

  const device_group flapper = group_with(
      "life_cycle: {flapping: {up: 30s, down: 2s}}, reconnect: {first: 100ms, jitter: 10%}");
  EXPECT_EQ(flapper.life.spread, spread::exponential);
  EXPECT_EQ(flapper.life.leaves, departure::abrupt);
  EXPECT_EQ(flapper.reconnect.first, milliseconds(100));
  EXPECT_EQ(flapper.reconnect.max, seconds(30));
  EXPECT_DOUBLE_EQ(flapper.reconnect.jitter, 0.1);

  const device_group visitor = group_with(
      "life_cycle: {visit: {every: 1m, linger: 2s}}, reconnect: never, offline: {buffer: 7}");
  EXPECT_EQ(visitor.life.leaves, departure::clean);
  EXPECT_EQ(visitor.life.linger, seconds(2));
  EXPECT_TRUE(visitor.reconnect.never);
  EXPECT_EQ(visitor.offline.buffer, 7U);
  EXPECT_EQ(visitor.offline.drop, offline_settings::victim::oldest);
  EXPECT_EQ(group_with("life_cycle: always_on").life.as, life_cycle::kind::always_on);
}

TEST(BadLifeCycle, KindsAndTimes) {
  EXPECT_THAT(errors("life_cycle: asleep"),
              ElementsAre(testing::HasSubstr("expected one of always_on")));
  EXPECT_THAT(errors("life_cycle: {departure: clean}"), ElementsAre(testing::HasSubstr("sleep")));
  EXPECT_THAT(errors("life_cycle: {sleep: {awake: 5s}}"),
              ElementsAre(testing::EndsWith("the key 'asleep' is missing")));
  EXPECT_THAT(errors("life_cycle: {sleep: {awake: 1ms, asleep: 1s}}"),
              ElementsAre(testing::HasSubstr("10ms")));
  EXPECT_THAT(errors("life_cycle: {sleep: {awake: 1s, asleep: 1s}, departure: polite}"),
              ElementsAre(testing::HasSubstr("expected one of clean, abrupt, reset, half_open")));
  EXPECT_THAT(errors("life_cycle: {roaming: {every: 1s}, departure: clean}"),
              ElementsAre(testing::EndsWith(
                  "a roaming device leaves its old connection to the broker; it has no "
                  "departure of its own")));
  EXPECT_THAT(errors("life_cycle: {flapping: {up: 1s, down: 1s, spread: wide}}"),
              ElementsAre(testing::HasSubstr("expected one of fixed, uniform, exponential")));
}

TEST(BadReconnect, WaitsAndWords) {
  EXPECT_THAT(errors("reconnect: always"),
              ElementsAre(testing::HasSubstr("expected one of never")));
  EXPECT_THAT(
      errors("reconnect: {first: 1m}"),
      ElementsAre(testing::EndsWith("the first wait (1m) is longer than the longest (30s)")));
  EXPECT_THAT(errors("reconnect: {factor: 0.5}"), ElementsAre(testing::HasSubstr("1")));
}

TEST(BadOffline, BufferAndVictim) {
  EXPECT_THAT(errors("offline: {drop: oldest}"),
              ElementsAre(testing::EndsWith("the key 'buffer' is missing")));
  EXPECT_THAT(errors("offline: {buffer: 1, drop: all}"),
              ElementsAre(testing::HasSubstr("expected one of oldest, newest")));
}

TEST(BadDisturbance, TimesAndGroups) {
  EXPECT_THAT(errors("", "disturbances: [{at: 1s}]\n"),
              ElementsAre(testing::EndsWith("the key 'storm' is missing")));
  EXPECT_THAT(errors("", "disturbances: [{at: 20s, storm: {share: 50%}}]\n"),
              ElementsAre(testing::EndsWith("the scenario is over before: its duration is 10s")));
  EXPECT_THAT(errors("", "disturbances: [{at: 1s, storm: {}}, {at: 1s, storm: {}}]\n"),
              ElementsAre(testing::EndsWith(
                  "there is a disturbance at this time already; their figures could not be "
                  "told apart")));
  EXPECT_THAT(errors("", "disturbances: [{at: 1s, storm: {groups: [h]}}]\n"),
              ElementsAre(testing::HasSubstr("there is no group 'h'")));
  EXPECT_THAT(
      errors("reconnect: never", "disturbances: [{at: 1s, storm: {groups: [g]}}]\n"),
      ElementsAre(testing::EndsWith("devices of 'g' would never come back (reconnect: never); say "
                                    "'back_within'")));
}

}  // namespace
}  // namespace gauntlet::sim
