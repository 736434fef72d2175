// Goal: random walks have the steps, the spread and the reversion that they are described with, and
// stay within their bounds.

#include <cmath>

#include <gtest/gtest.h>

#include "tests/unit/sim/plan/signals/signal_sampler.hpp"
#include "tests/unit/sim/plan/signals/statistics.hpp"

namespace gauntlet::sim {
namespace {

TEST(Walk, StepsAreNormalAndIndependent) {
  const signal_sampler from("x: {walk: {start: 7, step: 0.5, decimals: 9}}");
  const auto all = from.samples("x", 20'000);
  EXPECT_EQ(all[0], 7);
  std::vector<double> steps;
  for (std::size_t i = 1; i < all.size(); ++i) steps.push_back(all[i] - all[i - 1]);
  EXPECT_NEAR(mean_of(steps), 0, 0.012);
  EXPECT_NEAR(deviation_of(steps), 0.5, 0.015);
  EXPECT_NEAR(autocorrelation(steps, 1), 0, 0.025);
}

TEST(Walk, StaysWithinItsBoundsAndFillsThem) {
  const signal_sampler from("x: {walk: {start: 21, step: 3, min: 15, max: 30, decimals: 9}}");
  std::vector<double> far;  // a reflected walk has forgotten its start and is uniform
  for (int i = 0; i < 20'000; ++i) {
    const double value = from.number("x", seconds(i));
    ASSERT_GE(value, 15);
    ASSERT_LE(value, 30);
    if (i % 100 == 50) far.push_back(value);
  }
  EXPECT_LT(kolmogorov_smirnov(far, [](double x) { return (x - 15) / 15; }),
            kolmogorov_smirnov_limit);
}

TEST(Walk, GoesBackToItsMean) {
  // x' = mean + 0.9 (x - mean) + step: deviation step / sqrt(1 - 0.81), correlation 0.9^lag.
  const signal_sampler from(
      "x: {walk: {start: 50, mean: 20, step: 1, reversion: 10%, decimals: 9}}");
  auto all = from.samples("x", 60'000);
  EXPECT_EQ(all[0], 50);
  all.erase(all.begin(), all.begin() + 200);
  const double deviation = 1 / std::sqrt(1 - 0.81);
  EXPECT_NEAR(mean_of(all), 20, 0.2);
  EXPECT_NEAR(deviation_of(all), deviation, 0.1);
  for (const std::size_t lag : {1U, 2U, 5U, 10U, 20U, 50U}) {
    EXPECT_NEAR(autocorrelation(all, lag), std::pow(0.9, lag), 0.04) << lag;
  }
  std::vector<double> apart;
  for (std::size_t i = 0; i < all.size(); i += 60) apart.push_back((all[i] - 20) / deviation);
  EXPECT_LT(kolmogorov_smirnov(apart, normal_distribution), kolmogorov_smirnov_limit);
}

TEST(Walk, StepsOfOneThatGoesBackAreIndependentDraws) {
  const signal_sampler from("x: {walk: {start: 0, step: 2, reversion: 5%, decimals: 9}}");
  const auto all = from.samples("x", 30'000);
  std::vector<double> draws;
  for (std::size_t i = 1; i < all.size(); ++i) draws.push_back(all[i] - 0.95 * all[i - 1]);
  EXPECT_NEAR(mean_of(draws), 0, 0.05);
  EXPECT_NEAR(deviation_of(draws), 2, 0.05);
  for (const std::size_t lag : {1U, 2U, 3U, 7U, 64U}) {
    EXPECT_NEAR(autocorrelation(draws, lag), 0, 0.025) << lag;
  }
}

TEST(Walk, BeginsAtItsStartAndForgetsItAsFastAsItReverts) {
  double sum = 0;
  const signal_sampler from(
      "x: {walk: {start: 100, mean: 0, step: 1, reversion: 5%, decimals: 9}}");
  for (std::uint32_t device = 0; device < 2'000; ++device) {
    sum += from.number("x", seconds(20), device);
  }
  EXPECT_NEAR(sum / 2'000, 100 * std::pow(0.95, 20), 0.3);
}

TEST(Walk, CanBeAskedAfterAYearOfMilliseconds) {
  const signal_sampler from(
      "{x: {walk: {start: 0, step: 1}, every: 1ms}, y: {walk: {start: 0, "
      "step: 1, reversion: 1%}, every: 1ms}}");
  EXPECT_LT(std::abs(from.number("x", hours(24 * 365))), 1e6);
  EXPECT_LT(std::abs(from.number("y", hours(24 * 365))), 60);
}

}  // namespace
}  // namespace gauntlet::sim
