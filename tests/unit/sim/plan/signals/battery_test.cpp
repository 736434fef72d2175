// Goal: batteries drain exactly as described, never rise unless charged, and never fall below zero.

#include <gtest/gtest.h>

#include "tests/unit/sim/plan/signals/signal_sampler.hpp"

namespace gauntlet::sim {
namespace {

TEST(Battery, DrainsWithTime) {
  const signal_sampler from("b: {battery: {start: 90%, drain_per_hour: 2%, decimals: 6}}");
  EXPECT_EQ(from.number("b", hours(0)), 90);
  EXPECT_EQ(from.number("b", hours(10)), 70);
  EXPECT_EQ(from.number("b", minutes(15)), 89.5);
  EXPECT_EQ(from.number("b", hours(45)), 0);
  EXPECT_EQ(from.number("b", hours(1'000)), 0);
}

TEST(Battery, DrainsWithEachSample) {
  const signal_sampler from(
      "b: {every: 10s, battery: {drain_per_hour: 0%, drain_per_sample: 0.5%, decimals: 6}}");
  EXPECT_EQ(from.number("b", seconds(9)), 100);
  EXPECT_EQ(from.number("b", seconds(10)), 99.5);
  EXPECT_EQ(from.number("b", seconds(100)), 95);
}

TEST(Battery, DrainsWithActivityExactly) {
  // Active for 10 s of each minute: 1 % and 10 % an hour on top for a sixth of the time.
  const signal_sampler from(
      "{motor: {steps: {levels: [{at: 0s, value: true}, {at: 10s, value: false}], repeat: 60s}}, "
      "b: {battery: {drain_per_hour: 1%, active: motor, active_per_hour: 60%, decimals: 6}}}");
  sensor_memory memory;
  double last = 100;
  for (int i = 0; i <= 3'600; ++i) {
    const double level = from.value("b", seconds(i), 0, &memory).number();
    EXPECT_LE(level, last);
    last = level;
  }
  EXPECT_NEAR(last, 100 - 1 - 10, 1e-6);
  EXPECT_NEAR(from.number("b", seconds(10)), 100 - 10.0 / 3'600 - 10.0 / 60, 1e-6);
}

TEST(Battery, IsChargedBelowItsLevelUntilFull) {
  const signal_sampler from(
      "b: {every: 1m, battery: {drain_per_hour: 10%, charge_below: 20%, charge_per_hour: 50%, "
      "decimals: 6}}");
  EXPECT_NEAR(from.number("b", hours(8)), 20, 1e-3);
  double lowest = 100;
  bool full_again = false;
  for (int i = 0; i < 60 * 24; ++i) {
    const double level = from.number("b", minutes(i));
    lowest = std::min(lowest, level);
    full_again = full_again || (i > 60 * 9 && level == 100);
  }
  EXPECT_GT(lowest, 19.7);
  EXPECT_TRUE(full_again);
  EXPECT_NEAR(from.number("b", hours(9)), 20 + 40, 1);  // a net 40 % an hour
}

TEST(Battery, IsTheSameWithAndWithoutAMemory) {
  const signal_sampler from(
      "{m: {switch: {on: 30s, off: 60s}}, b: {battery: {active: m, active_per_hour: 90%, "
      "charge_below: 50%}}}");
  sensor_memory memory;
  seeded_stream draws(stream_key(5));
  for (int i = 0; i < 100; ++i) {
    const duration at = seconds(draws.between(0, 5'000));
    EXPECT_EQ(from.value("b", at, 2, &memory), from.value("b", at, 2));
  }
}

}  // namespace
}  // namespace gauntlet::sim
