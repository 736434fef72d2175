// Goal: sensors are found by name, and are what they are set to from then on, and only from then
// on.

#include "sim/plan/sensor_plan.hpp"

#include <gtest/gtest.h>

#include "tests/unit/sim/plan/signals/signal_sampler.hpp"

namespace gauntlet::sim {
namespace {

TEST(SensorPlan, FindsSensorsAndTheirMembers) {
  const signal_sampler from(
      "{a: {counter: {}}, p: {gps: {waypoints: [[0, 0], [1, 1]], speed_kmh: 1}}}");
  const sensor_plan& plan = from.plan();
  EXPECT_EQ(plan.size(), 2U);
  EXPECT_EQ(plan.find_path("a"), (sensor_use{0, 0}));
  EXPECT_EQ(plan.find_path("p.lon"), (sensor_use{1, 1}));
  EXPECT_EQ(plan.find("p", "heading"), (sensor_use{1, 3}));
  EXPECT_FALSE(plan.find_path("p"));
  EXPECT_FALSE(plan.find_path("p.height"));
  EXPECT_FALSE(plan.find_path("a.b"));
  EXPECT_FALSE(plan.find_path("b"));
}

TEST(SensorPlan, HoldsWhatWasSetFromThenOn) {
  const signal_sampler from(
      "{setpoint: {constant: 20, settable: true}, heating: {expression: setpoint * 2}}");
  sensor_memory memory;
  sensor_plan::set(memory, 0, milliseconds(5'500), std::int64_t{25});
  sensor_plan::set(memory, 0, seconds(10), decimal_number{21.5, 1});
  EXPECT_EQ(from.value("setpoint", seconds(5), 0, &memory).number(), 20);
  EXPECT_EQ(from.value("setpoint", milliseconds(5'500), 0, &memory).number(), 25);
  EXPECT_EQ(from.value("setpoint", seconds(10), 0, &memory), sensor_value::of(21.5, 1));
  EXPECT_EQ(from.value("setpoint", seconds(9), 0, &memory).number(), 25);  // asked again later
  EXPECT_EQ(from.value("heating", seconds(6), 0, &memory).number(), 50);
  EXPECT_EQ(from.value("setpoint", hours(1)).number(), 20);  // another device's memory is its own
}

TEST(SensorPlan, RemembersABoundedNumberOfChanges) {
  const signal_sampler from("{a: {counter: {}}, b: {counter: {}}}");
  sensor_memory memory;
  sensor_plan::set(memory, 1, seconds(1), std::string("kept"));
  for (int i = 0; i < 1'000; ++i) sensor_plan::set(memory, 0, seconds(i), std::int64_t{-i});
  EXPECT_LE(memory.overrides.size(), sensor_plan::overrides_max);
  EXPECT_EQ(from.value("a", seconds(999), 0, &memory).number(), -999);
  EXPECT_EQ(from.value("a", seconds(990), 0, &memory).number(), -990);
  EXPECT_EQ(from.value("b", seconds(999), 0, &memory).text, "kept");
}

TEST(SensorPlan, FaultsAreOnTopOfWhatWasSet) {
  const signal_sampler from(
      "a: {constant: 20, anomalies: [{kind: spike, by: 5, at: 10s}, {kind: drop_out, at: 12s}]}");
  sensor_memory memory;
  sensor_plan::set(memory, 0, seconds(5), std::int64_t{30});
  EXPECT_EQ(from.value("a", seconds(10), 0, &memory).number(), 35);
  EXPECT_EQ(from.value("a", seconds(12), 0, &memory).is, sensor_value::type::null);
}

TEST(SensorPlan, TakesMemoryOnlyForSignalsWithAPast) {
  EXPECT_FALSE(
      signal_sampler("a: {walk: {start: 1, step: 1, reversion: 5%}}").plan().wants_memory());
  EXPECT_FALSE(signal_sampler("a: {battery: {}}").plan().wants_memory());
  EXPECT_TRUE(signal_sampler("a: {switch: {on: 1s, off: 1s}}").plan().wants_memory());
}

}  // namespace
}  // namespace gauntlet::sim
