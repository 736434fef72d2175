// Goal: faults begin when, last as long, and look as they are described.

#include <cmath>

#include <gtest/gtest.h>

#include "tests/unit/sim/plan/signals/signal_sampler.hpp"
#include "tests/unit/sim/plan/signals/statistics.hpp"

namespace gauntlet::sim {
namespace {

/// A sensor of this signal with one anomaly as "x", and without it as "clean".
signal_sampler with(const std::string& anomaly, const std::string& signal = "counter: {}") {
  return signal_sampler("{x: {" + signal + ", anomalies: [" + anomaly + "]}, clean: {" + signal +
                        "}}");
}

TEST(Anomaly, SpikesForOneSampleAtGivenTimes) {
  const auto from = with("{kind: spike, by: 1000, at: [10s, 20500ms]}");
  for (int i = 0; i < 40; ++i) {
    const bool spike = i == 10 || i == 21;  // the first sample that is not earlier
    EXPECT_EQ(from.number("x", seconds(i)), i + (spike ? 1'000 : 0)) << i;
  }
}

TEST(Anomaly, SpikesToAValueForATime) {
  const auto from = with("{kind: spike, to: -1, at: 10s, for: 5s}");
  for (int i = 0; i < 40; ++i) {
    EXPECT_EQ(from.number("x", seconds(i)), i >= 10 && i < 15 ? -1 : i);
  }
}

TEST(Anomaly, SticksToTheLastValueBefore) {
  const auto from = with("{kind: stuck, at: 10s, for: 20s}");
  for (int i = 0; i < 40; ++i) {
    EXPECT_EQ(from.number("x", seconds(i)), i >= 10 && i < 30 ? 9 : i);
  }
}

TEST(Anomaly, DriftsFurtherAndFurther) {
  const auto from = with("{kind: drift, per_hour: 36, at: 100s, for: 1h}", "constant: 20.000");
  EXPECT_EQ(from.number("x", seconds(99)), 20);
  EXPECT_EQ(from.number("x", seconds(100)), 20);
  EXPECT_EQ(from.number("x", seconds(200)), 21);
  EXPECT_NEAR(from.number("x", seconds(3'699)), 20 + 35.99, 1e-9);
  EXPECT_EQ(from.number("x", seconds(3'700)), 20);
}

TEST(Anomaly, DropsOut) {
  const auto from = with("{kind: drop_out, at: 10s, for: 3s}");
  for (int i = 0; i < 20; ++i) {
    const bool missing = from.value("x", seconds(i)).is == sensor_value::type::null;
    EXPECT_EQ(missing, i >= 10 && i < 13);
  }
}

TEST(Anomaly, BeginsAsOftenAsAskedAtIndependentTimes) {
  // 36 an hour is one in 100 s; a spike lasts one sample.
  const auto from = with("{kind: spike, to: -1, rate: 36/h}");
  std::vector<double> gaps;
  double last = 0;
  for (int i = 0; i < 200'000; ++i) {
    if (from.number("x", seconds(i)) != -1) continue;
    gaps.push_back(i - last);
    last = i;
  }
  EXPECT_NEAR(static_cast<double>(gaps.size()), 2'000, 140);
  // Exponential gaps, but for the grid of a second, on which two beginnings may be one.
  EXPECT_LT(kolmogorov_smirnov(gaps, [](double s) { return 1 - std::exp(-(s - 0.5) / 100); }),
            kolmogorov_smirnov_limit);
  EXPECT_NEAR(autocorrelation(gaps, 1), 0, 0.07);
}

TEST(Anomaly, LastsItsTimeAtRandomTimesToo) {
  const auto from = with("{kind: drop_out, rate: 6/h, for: 30s}");
  int missing = 0;
  int episodes = 0;
  bool before = false;
  for (int i = 0; i < 500'000; ++i) {
    const bool now = from.value("x", seconds(i)).is == sensor_value::type::null;
    missing += now ? 1 : 0;
    episodes += now && !before ? 1 : 0;
    before = now;
  }
  // Of a Poisson process of rate r, e^(-r * 30 s) of the time is not in an episode.
  EXPECT_NEAR(missing / 500'000.0, 1 - std::exp(-0.05), 0.005);
  EXPECT_NEAR(episodes, 500'000 / 600.0 * std::exp(-0.05), 90);
}

TEST(Anomaly, IsOfEachDeviceAlone) {
  const auto from = with("{kind: spike, to: -1, rate: 36/h, for: 30s}");
  int both = 0;
  for (int i = 0; i < 100'000; ++i) {
    both += from.number("x", seconds(i), 1) == -1 && from.number("x", seconds(i), 2) == -1 ? 1 : 0;
  }
  const double one = 1 - std::exp(-0.3);
  EXPECT_NEAR(both / 100'000.0, one * one, 0.02);
}

TEST(Anomaly, LiesOnTopOfOthersInTheirOrder) {
  const auto from = with(
      "{kind: spike, by: 100, at: 10s}, {kind: stuck, at: 11s, for: 5s}, {kind: drop_out, at: "
      "13s}");
  EXPECT_EQ(from.number("x", seconds(10)), 110);
  EXPECT_EQ(from.number("x", seconds(12)), 110);  // stuck at the spike
  EXPECT_EQ(from.value("x", seconds(13)).is, sensor_value::type::null);
  EXPECT_EQ(from.number("x", seconds(15)), 110);
  EXPECT_EQ(from.number("x", seconds(16)), 16);
}

}  // namespace
}  // namespace gauntlet::sim
