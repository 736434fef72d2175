// Goal: signals without a past are distributed as they are described, and stay within their bounds.

#include <cmath>
#include <map>

#include <gtest/gtest.h>

#include "tests/unit/sim/plan/signals/signal_sampler.hpp"
#include "tests/unit/sim/plan/signals/statistics.hpp"

namespace gauntlet::sim {
namespace {

constexpr int count = 20'000;

TEST(RandomSignal, UniformNumbersFillTheirRange) {
  const signal_sampler from("x: {uniform: {min: -2, max: 6, decimals: 9}}");
  const auto all = from.samples("x", count);
  EXPECT_LT(kolmogorov_smirnov(all, [](double x) { return (x + 2) / 8; }),
            kolmogorov_smirnov_limit);
  EXPECT_NEAR(autocorrelation(all, 1), 0, 0.025);
}

TEST(RandomSignal, WholeNumbersAreEquallyLikely) {
  const signal_sampler from("x: {integer: {min: -4, max: 5}}");
  std::vector<double> counts(10);
  for (const double each : from.samples("x", count))
    counts.at(static_cast<std::size_t>(std::lround(each) + 4)) += 1;
  EXPECT_LT(chi_square(counts, std::vector<double>(10, count / 10.0)), 27.9);  // 0.1 % of 9 degrees
}

TEST(RandomSignal, NormalNumbersAreNormal) {
  const signal_sampler from("x: {normal: {mean: 45, stddev: 4, decimals: 9}}");
  const auto all = from.samples("x", count);
  EXPECT_LT(kolmogorov_smirnov(all, [](double x) { return normal_distribution((x - 45) / 4); }),
            kolmogorov_smirnov_limit);
  EXPECT_NEAR(autocorrelation(all, 1), 0, 0.025);
}

TEST(RandomSignal, DevicesAndSensorsAreIndependent) {
  const signal_sampler from(
      "{x: {normal: {mean: 0, stddev: 1}}, y: {normal: {mean: 0, stddev: 1}}}");
  double devices = 0;
  double sensors = 0;
  const auto x = from.samples("x", count);
  const auto y = from.samples("y", count);
  const auto other = from.samples("x", count, 1);
  for (std::size_t i = 0; i < x.size(); ++i) {
    devices += x[i] * other[i];
    sensors += x[i] * y[i];
  }
  EXPECT_NEAR(devices / count, 0, 0.025);
  EXPECT_NEAR(sensors / count, 0, 0.025);
}

TEST(RandomSignal, ChoicesAreEquallyLikelyAndKeepTheirTypes) {
  const signal_sampler from("x: {choice: [a, 7, 1.50, null, true]}");
  std::map<sensor_value::type, double> counts;
  for (int i = 0; i < count; ++i) counts[from.value("x", seconds(i)).is] += 1;
  ASSERT_EQ(counts.size(), 5U);
  for (const auto& [is, times] : counts) EXPECT_NEAR(times, count / 5.0, 250);
  const signal_sampler one("x: {constant: 1.50}");
  EXPECT_EQ(one.value("x", seconds(1)), sensor_value::of(1.5, 2));
}

TEST(RandomSignal, BooleansAreTrueAsOftenAsAsked) {
  const signal_sampler from("x: {bool: 30%}");
  EXPECT_NEAR(mean_of(from.samples("x", count)), 0.3, 0.011);
}

TEST(RandomSignal, CountersCountAndWrapAround) {
  const signal_sampler from(
      "{up: {counter: {start: 5, step: 3}}, down: {counter: {step: -1, wrap: 10}}, "
      "fast: {counter: {start: 250}, every: 100ms}}");
  EXPECT_EQ(from.number("up", seconds(100)), 305);
  EXPECT_EQ(from.number("up", milliseconds(100'999)), 305);  // held until the next sample
  EXPECT_EQ(from.number("down", seconds(0)), 0);
  EXPECT_EQ(from.number("down", seconds(1)), 9);
  EXPECT_EQ(from.number("down", seconds(10)), 0);
  EXPECT_EQ(from.number("fast", seconds(2)), 270);
}

TEST(RandomSignal, TheSameInAnyOrderAndOtherwiseForAnotherSeed) {
  const std::string text =
      "{a: {uniform: {min: 0, max: 1}}, b: {normal: {mean: 0, stddev: 1}}, c: {integer: {min: 0, "
      "max: 1000}}, d: {walk: {start: 0, step: 1}}, e: {walk: {start: 0, step: 1, reversion: 5%}}}";
  const signal_sampler one(text);
  const signal_sampler two(text);
  const signal_sampler other(text, 2);
  for (const char* name : {"a", "b", "c", "d", "e"}) {
    bool differs = false;
    for (int i = 500; i-- > 0;) {
      EXPECT_EQ(one.value(name, seconds(i), 3), two.value(name, seconds(499 - (499 - i)), 3));
      differs = differs || one.value(name, seconds(i), 3) != other.value(name, seconds(i), 3);
    }
    EXPECT_TRUE(differs) << name;
  }
}

}  // namespace
}  // namespace gauntlet::sim
