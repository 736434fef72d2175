// Goal: bent time is exact: the integral of the load, its inverse, and the load itself agree.

#include "sim/plan/time_warp.hpp"

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/base/seeded_stream.hpp"

namespace gauntlet::sim {
namespace {

using namespace std::chrono_literals;

double ns(duration time) { return static_cast<double>(time.count()); }

// Warm-up, steady, spike, pause, ramp-down.
time_warp five_pieces() {
  return time_warp({{.length = 30s, .from = 0, .to = 1},
                    {.length = 60s, .from = 1, .to = 1},
                    {.length = 10s, .from = 5, .to = 5},
                    {.length = 20s, .from = 0, .to = 0},
                    {.length = 40s, .from = 1, .to = 0}});
}

TEST(TimeWarp, IsTheIntegralOfTheLoad) {
  const time_warp warp = five_pieces();
  EXPECT_EQ(warp.length(), 160s);
  EXPECT_DOUBLE_EQ(warp.nominal_length(), ns(15s + 60s + 50s + 20s));
  EXPECT_DOUBLE_EQ(warp.nominal(0s), 0);
  EXPECT_DOUBLE_EQ(warp.nominal(15s), ns(3750ms));  // a quarter of the triangle
  EXPECT_DOUBLE_EQ(warp.nominal(30s), ns(15s));
  EXPECT_DOUBLE_EQ(warp.nominal(90s), ns(75s));
  EXPECT_DOUBLE_EQ(warp.nominal(95s), ns(100s));
  EXPECT_DOUBLE_EQ(warp.nominal(110s), ns(125s));
  EXPECT_DOUBLE_EQ(warp.nominal(140s), ns(140s));
  EXPECT_DOUBLE_EQ(warp.nominal(160s), warp.nominal_length());
  EXPECT_DOUBLE_EQ(warp.load(15s), 0.5);
  EXPECT_DOUBLE_EQ(warp.load(90s), 5);
  EXPECT_DOUBLE_EQ(warp.load(110s), 0);
  EXPECT_DOUBLE_EQ(warp.load(150s), 0.25);
}

TEST(TimeWarp, HasAnExactInverse) {
  const time_warp warp = five_pieces();
  seeded_stream draws(stream_key(1));
  for (int i = 0; i < 100'000; ++i) {
    const duration real(draws.between(0, warp.length().count() - 1));
    if (warp.load(real) < 0.001) continue;
    EXPECT_LE(std::abs((warp.real(warp.nominal(real)) - real).count()), 1) << real.count();
  }
  duration last{};
  for (double nominal = 0; nominal < warp.nominal_length(); nominal += 1e6 + 0.1) {
    const duration real = warp.real(nominal);
    EXPECT_GE(real, last);
    EXPECT_NEAR(warp.nominal(real), nominal, 5.1);  // a nanosecond at five times the load
    last = real;
  }
  EXPECT_LT(last, warp.length());
}

TEST(TimeWarp, WaitsWhileTimeStandsStill) {
  const time_warp warp = five_pieces();
  EXPECT_EQ(warp.real(ns(125s)), 120s);
  EXPECT_LT(warp.real(ns(125s) - 10), 100s);
  EXPECT_EQ(warp.resumed(100s), 120s);
  EXPECT_EQ(warp.resumed(110s), 120s);
  EXPECT_EQ(warp.resumed(120s), 120s);
  EXPECT_EQ(warp.resumed(0s), 0s);  // the load rises from zero at once
  EXPECT_EQ(time_warp({{.length = 5s}, {.length = 5s, .from = 0, .to = 0}}).resumed(7s), 10s);
}

TEST(TimeWarp, LeavesAFullLoadAlone) {
  const time_warp plain({{.length = 5s}, {.length = 24h}});
  EXPECT_TRUE(plain.is_identity());
  EXPECT_FALSE(five_pieces().is_identity());
  for (const duration time : {duration(0s), duration(1ns), duration(4s), duration(24h)}) {
    EXPECT_EQ(plain.real(plain.nominal(time)), time);
  }
}

TEST(TimeWarp, LosesNothingInAYear) {
  const time_warp warp(
      {{.length = 24h * 183, .from = 1, .to = 2}, {.length = 24h * 183, .from = 2}});
  for (const duration time : {24h * 1, 24h * 100, 24h * 200, 24h * 365}) {
    EXPECT_LE(std::abs((warp.real(warp.nominal(time)) - time).count()), 16);
  }
}

}  // namespace
}  // namespace gauntlet::sim
