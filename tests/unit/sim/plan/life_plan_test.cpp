// Goal: absences follow from scenario, seed and device alone, never overlap, and have the lengths
// and shares that the file names.

#include "sim/plan/life_plan.hpp"

#include <chrono>
#include <cmath>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace gauntlet::sim {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

fleet_plan plan_of(const std::string& keys, const std::string& rest = "") {
  auto made = parse_scenario(
      "name: a\nseed: 5\nduration: 1h\n" + rest + "fleet: [{group: g, count: 100, " + keys + "}]\n",
      "test.yaml");
  if (!made) {
    for (const auto& what : made.error()) ADD_FAILURE() << config::to_string(what);
    std::abort();
  }
  return fleet_plan(std::move(*made));
}

std::vector<absence> absences(const life_plan& lives, device_number device) {
  std::vector<absence> all;
  for (auto each = lives.first_absence(device); each; each = lives.next_absence(device, *each)) {
    all.push_back(*each);
    if (all.size() > 100'000) {
      ADD_FAILURE() << "a life without end";
      break;
    }
  }
  return all;
}

TEST(LifePlan, SleepersAreAwayInTurnsSpreadOverTheCycle) {
  const fleet_plan plan = plan_of("life_cycle: {sleep: {awake: 10s, asleep: 50s}}");
  const life_plan lives(plan);
  ASSERT_TRUE(lives.lives(0));
  double first_sum = 0;
  for (device_number device = 0; device < 100; ++device) {
    const auto all = absences(lives, device);
    ASSERT_GE(all.size(), 59U);
    first_sum += std::chrono::duration<double>(all[0].from).count();
    EXPECT_LT(all[0].from, minutes(1));
    for (std::size_t i = 0; i < all.size(); ++i) {
      EXPECT_LE(all[i].until, hours(1));
      if (all[i].until < hours(1)) {
        EXPECT_EQ(all[i].until - all[i].from, seconds(50));
      }
      if (i > 0) {
        EXPECT_EQ(all[i].from - all[i - 1].until, seconds(10));
      }
    }
  }
  // Uniform over a minute: mean 30 s, standard error 1.7 s.
  EXPECT_NEAR(first_sum / 100, 30, 7);
}

TEST(LifePlan, FlappingTimesAreExponential) {
  const fleet_plan plan = plan_of("life_cycle: {flapping: {up: 20s, down: 5s}}");
  const life_plan lives(plan);
  double up = 0;
  double up_squares = 0;
  double down = 0;
  double count = 0;
  for (device_number device = 0; device < 100; ++device) {
    const auto all = absences(lives, device);
    for (std::size_t i = 1; i + 1 < all.size(); ++i) {
      const double stretch = std::chrono::duration<double>(all[i].from - all[i - 1].until).count();
      up += stretch;
      up_squares += stretch * stretch;
      down += std::chrono::duration<double>(all[i].until - all[i].from).count();
      ++count;
    }
  }
  ASSERT_GT(count, 10'000);
  EXPECT_NEAR(up / count, 20, 0.8);
  EXPECT_NEAR(down / count, 5, 0.2);
  // The standard deviation of an exponential time is its mean.
  EXPECT_NEAR(std::sqrt(up_squares / count - up / count * (up / count)), 20, 1.5);
}

TEST(LifePlan, StormStrikesItsShareOnceEach) {
  const fleet_plan plan =
      plan_of("user_name: u",
              "disturbances: [{at: 1m, storm: {share: 30%, within: 2s, back_within: 10s}}]\n");
  const life_plan lives(plan);
  int struck = 0;
  for (device_number device = 0; device < 100; ++device) {
    const auto all = absences(lives, device);
    if (all.empty()) continue;
    ++struck;
    ASSERT_EQ(all.size(), 1U);
    EXPECT_EQ(all[0].disturbance, 0);
    EXPECT_GE(all[0].from, seconds(60));
    EXPECT_LE(all[0].from, seconds(62));
    EXPECT_GE(all[0].until, seconds(62));
    EXPECT_LE(all[0].until, seconds(72));
  }
  EXPECT_EQ(struck, 30);
}

TEST(LifePlan, StormPassesSleepersByAndTurnsGoOnAfterIt) {
  const std::string sleeps = "life_cycle: {sleep: {awake: 30s, asleep: 30s}}";
  const fleet_plan calm = plan_of(sleeps);
  const fleet_plan stormy =
      plan_of(sleeps, "disturbances: [{at: 10m, storm: {back_within: 20s}}]\n");
  const life_plan before(calm);
  const life_plan after(stormy);
  int struck = 0;
  for (device_number device = 0; device < 100; ++device) {
    const auto all = absences(after, device);
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (all[i].disturbance == 0) ++struck;
      if (i > 0) {
        EXPECT_GE(all[i].from, all[i - 1].until);
      }
    }
    EXPECT_EQ(all.back().from, absences(before, device).back().from);
  }
  EXPECT_NEAR(struck, 50, 20);
}

TEST(LifePlan, MessagesAreReadyWhenTheirDeviceIsThere) {
  for (const char* life :
       {"sleep: {awake: 10s, asleep: 50s, first: 20s}", "visit: {every: 60s, first: 30s}"}) {
    const fleet_plan plan = plan_of("life_cycle: {" + std::string(life) + "}");
    const life_plan lives(plan);
    duration last{};
    for (duration due{}; due < hours(1); due += milliseconds(700)) {
      const duration ready = lives.ready_at(3, due);
      EXPECT_GE(ready, due);
      EXPECT_GE(ready, last);
      last = ready;
      // The reverse finds the first due time of all that are ready no earlier.
      const duration first = lives.first_due_ready_from(3, due);
      EXPECT_GE(lives.ready_at(3, first), due) << life;
      if (first > duration::zero()) {
        EXPECT_LT(lives.ready_at(3, first - duration(1)), due) << life;
      }
    }
  }
  const fleet_plan sleeper = plan_of("life_cycle: {sleep: {awake: 10s, asleep: 50s, first: 20s}}");
  EXPECT_EQ(life_plan(sleeper).ready_at(0, seconds(19)), seconds(19));
  EXPECT_EQ(life_plan(sleeper).ready_at(0, seconds(20)), seconds(70));
  EXPECT_EQ(life_plan(sleeper).ready_at(0, seconds(70)), seconds(70));
  const fleet_plan visitor = plan_of("life_cycle: {visit: {every: 60s, first: 30s}}");
  EXPECT_EQ(life_plan(visitor).ready_at(0, seconds(0)), seconds(30));
  EXPECT_EQ(life_plan(visitor).ready_at(0, seconds(30)), seconds(30));
  EXPECT_EQ(life_plan(visitor).ready_at(0, seconds(31)), seconds(90));
}

TEST(LifePlan, AlwaysOnDevicesHaveNoLife) {
  const fleet_plan plan = plan_of("life_cycle: always_on");
  EXPECT_FALSE(life_plan(plan).anybody_lives());
  EXPECT_FALSE(life_plan(plan).lives(0));
}

}  // namespace
}  // namespace gauntlet::sim
