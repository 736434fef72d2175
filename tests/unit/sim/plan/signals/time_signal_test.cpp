// Goal: signals that follow the clock have the period, phase and shape that they are described
// with.

#include <cmath>

#include <gtest/gtest.h>

#include "tests/unit/sim/plan/signals/signal_sampler.hpp"
#include "tests/unit/sim/plan/signals/statistics.hpp"

namespace gauntlet::sim {
namespace {

TEST(TimeSignal, ASineHasItsPeriodAndPhase) {
  const signal_sampler from(
      "{x: {sine: {mean: 10, amplitude: 4, period: 60s, decimals: 9}}, "
      "ahead: {sine: {amplitude: 1, period: 60s, phase: 25%, decimals: 9}}}");
  EXPECT_NEAR(from.number("x", seconds(0)), 10, 1e-9);
  EXPECT_NEAR(from.number("x", seconds(15)), 14, 1e-9);
  EXPECT_NEAR(from.number("x", seconds(30)), 10, 1e-9);
  EXPECT_NEAR(from.number("x", seconds(45)), 6, 1e-9);
  EXPECT_NEAR(from.number("x", seconds(5)), 12, 1e-9);
  EXPECT_NEAR(from.number("ahead", seconds(0)), 1, 1e-9);
  for (int i = 0; i < 60; ++i) {
    EXPECT_NEAR(from.number("x", seconds(i)), from.number("x", hours(1'000) + seconds(i)), 1e-8);
  }
}

TEST(TimeSignal, ADayHasItsPeakAndItsLow) {
  const signal_sampler from("x: {daily: {min: 8, max: 22, peak: 15h, decimals: 9}}");
  EXPECT_NEAR(from.number("x", hours(15)), 22, 1e-9);
  EXPECT_NEAR(from.number("x", hours(3)), 8, 1e-9);
  EXPECT_NEAR(from.number("x", hours(9)), 15, 1e-9);
  EXPECT_NEAR(from.number("x", hours(24 * 200 + 15)), 22, 1e-9);
}

TEST(TimeSignal, NoiseIsNormalAroundTheCurve) {
  const signal_sampler from(
      "{x: {sine: {amplitude: 5, period: 7s, noise: 2, decimals: 9}}, clean: {sine: {amplitude: 5, "
      "period: 7s, decimals: 9}}}");
  auto noise = from.samples("x", 20'000);
  const auto clean = from.samples("clean", 20'000);
  for (std::size_t i = 0; i < noise.size(); ++i) noise[i] = (noise[i] - clean[i]) / 2;
  EXPECT_LT(kolmogorov_smirnov(noise, normal_distribution), kolmogorov_smirnov_limit);
}

TEST(TimeSignal, StepsHoldTheirLevels) {
  const signal_sampler from(
      "{x: {steps: {levels: [{at: 10s, value: 18}, {at: 20s, value: warm}], repeat: 30s}}, "
      "once: {steps: {levels: [{at: 0s, value: 1}, {at: 1h, value: 2}]}}}");
  EXPECT_EQ(from.number("x", seconds(0)), 18);
  EXPECT_EQ(from.number("x", seconds(19)), 18);
  EXPECT_EQ(from.text("x", seconds(20)), "warm");
  EXPECT_EQ(from.text("x", seconds(29)), "warm");
  EXPECT_EQ(from.number("x", seconds(30)), 18);
  EXPECT_EQ(from.number("once", seconds(3'599)), 1);
  EXPECT_EQ(from.number("once", hours(100)), 2);
}

TEST(TimeSignal, RampsRiseEvenly) {
  const signal_sampler from(
      "{x: {ramp: {from: 10, to: 20, begin: 5s, over: 10s}}, saw: {ramp: {from: 1, to: 0, over: "
      "4s, repeat: 5s}}}");
  EXPECT_EQ(from.number("x", seconds(0)), 10);
  EXPECT_EQ(from.number("x", seconds(5)), 10);
  EXPECT_EQ(from.number("x", seconds(10)), 15);
  EXPECT_EQ(from.number("x", seconds(15)), 20);
  EXPECT_EQ(from.number("x", hours(1)), 20);
  EXPECT_EQ(from.number("saw", seconds(4)), 0);
  EXPECT_EQ(from.number("saw", seconds(6)), 0.75);
}

TEST(TimeSignal, TellsTheTime) {
  const signal_sampler from(
      "{ms: {timestamp: unix_ms}, s: {timestamp: unix_s}, text: {timestamp: iso8601}}");
  EXPECT_EQ(from.value("ms", seconds(5)).integer, run_epoch_s * 1'000 + 5'000);
  EXPECT_EQ(from.value("s", seconds(5)).integer, run_epoch_s + 5);
  EXPECT_EQ(from.value("text", seconds(5)).is, sensor_value::type::iso8601);
}

}  // namespace
}  // namespace gauntlet::sim
