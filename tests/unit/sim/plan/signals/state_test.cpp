// Goal: states last and follow each other as they are described, and are the same with and without
// a memory.

#include <algorithm>
#include <cmath>
#include <map>

#include <gtest/gtest.h>

#include "tests/unit/sim/plan/signals/signal_sampler.hpp"
#include "tests/unit/sim/plan/signals/statistics.hpp"

namespace gauntlet::sim {
namespace {

/// A stretch of time in one state, in seconds.
struct stay {
  sensor_value value;
  double seconds = 0;
};

/// All stays but the first and the last, which are cut, watched every 100 ms.
std::vector<stay> stays(const signal_sampler& from, std::string_view name, duration over) {
  sensor_memory memory;
  std::vector<stay> all;
  for (duration at{}; at < over; at += milliseconds(100)) {
    const sensor_value value = from.value(name, at, 0, &memory);
    if (all.empty() || all.back().value != value) all.push_back({value});
    all.back().seconds += 0.1;
  }
  all.erase(all.begin());
  all.pop_back();
  return all;
}

std::vector<double> lengths(const std::vector<stay>& all, const sensor_value& of) {
  std::vector<double> found;
  for (const stay& each : all) {
    if (each.value == of) found.push_back(each.seconds);
  }
  return found;
}

const char* const oven =
    "x: {every: 100ms, machine: {start: idle, states: {"
    "idle: {dwell: 20s, next: {running: 90%, broken: 10%}}, "
    "running: {dwell: {min: 5s, max: 15s}, next: idle}, "
    "broken: {dwell: 60s, next: {idle: 50%, running: 50%}}}}}";

TEST(Machine, StaysAsLongAsDescribed) {
  const signal_sampler from(oven);
  const auto all = stays(from, "x", hours(24));
  const auto idle = lengths(all, sensor_value::of(std::string_view("idle")));
  EXPECT_NEAR(mean_of(idle), 20, 1.5);
  // Exponential, but for the grid of 100 ms.
  EXPECT_LT(kolmogorov_smirnov(idle, [](double s) { return 1 - std::exp(-(s - 0.05) / 20); }),
            kolmogorov_smirnov_limit);
  const auto running = lengths(all, sensor_value::of(std::string_view("running")));
  EXPECT_LT(
      kolmogorov_smirnov(running, [](double s) { return std::clamp((s - 5) / 10, 0.0, 1.0); }),
      kolmogorov_smirnov_limit);
  EXPECT_GE(*std::min_element(running.begin(), running.end()), 4.8);
  // An idle time below 100 ms may not be seen, and then two stays are one.
  const auto too_long =
      std::count_if(running.begin(), running.end(), [](double s) { return s > 15.2; });
  EXPECT_LE(too_long, static_cast<std::int64_t>(running.size() / 100));
  EXPECT_NEAR(mean_of(lengths(all, sensor_value::of(std::string_view("broken")))), 60, 10);
}

TEST(Machine, GoesOnAsOftenAsDescribed) {
  const signal_sampler from(oven);
  const auto all = stays(from, "x", hours(24));
  std::map<std::string, std::map<std::string, double>> ways;
  for (std::size_t i = 1; i < all.size(); ++i) {
    ways[std::string(all[i - 1].value.text)][std::string(all[i].value.text)] += 1;
  }
  const double idle = ways["idle"]["running"] + ways["idle"]["broken"];
  ASSERT_GT(idle, 1'500);
  EXPECT_NEAR(ways["idle"]["broken"] / idle, 0.1, 0.025);
  EXPECT_LE(ways["running"]["broken"], 0.01 * idle);  // over an idle time too short to be seen
  const double broken = ways["broken"]["idle"] + ways["broken"]["running"];
  EXPECT_NEAR(ways["broken"]["idle"] / broken, 0.5, 0.12);
}

TEST(Machine, WithoutDwellTimesIsAMarkovChainOfSamples) {
  const signal_sampler from(
      "x: {machine: {states: {a: {next: {b: 10%}}, b: {next: {a: 30%, c: 10%}}, c: {next: {a: "
      "100%}}}}}");
  EXPECT_EQ(from.text("x", seconds(0)), "a");
  sensor_memory memory;
  std::map<std::string, std::map<std::string, double>> ways;
  std::string last = "a";
  for (int i = 1; i < 40'000; ++i) {
    const std::string now(from.value("x", seconds(i), 0, &memory).text);
    ways[last][now] += 1;
    last = now;
  }
  const auto share = [&](const std::string& a, const std::string& b) {
    double sum = 0;
    for (const auto& [name, times] : ways[a]) sum += times;
    return ways[a][b] / sum;
  };
  EXPECT_NEAR(share("a", "b"), 0.1, 0.01);
  EXPECT_NEAR(share("a", "a"), 0.9, 0.01);
  EXPECT_NEAR(share("b", "a"), 0.3, 0.02);
  EXPECT_NEAR(share("b", "c"), 0.1, 0.015);
  EXPECT_EQ(share("c", "a"), 1);
}

TEST(Machine, StaysInAStateFromWhichNothingLeads) {
  const signal_sampler from(
      "x: {machine: {states: {on: {dwell: {min: 3s, max: 3s}, next: dead}, dead: {}}}}");
  EXPECT_EQ(from.text("x", seconds(2)), "on");
  EXPECT_EQ(from.text("x", seconds(3)), "dead");
  EXPECT_EQ(from.text("x", hours(24 * 365)), "dead");
}

TEST(Switch, LastsAsLongAsDescribed) {
  const signal_sampler from(
      "x: {every: 100ms, switch: {on: 10s, off: {min: 30s, max: 50s}, start: true}}");
  EXPECT_TRUE(from.value("x", seconds(0)).truth);
  const auto all = stays(from, "x", hours(24));
  const auto on = lengths(all, sensor_value::of(true));
  const auto off = lengths(all, sensor_value::of(false));
  EXPECT_LT(kolmogorov_smirnov(on, [](double s) { return 1 - std::exp(-(s - 0.05) / 10); }),
            kolmogorov_smirnov_limit);
  EXPECT_NEAR(mean_of(off), 40, 0.6);
}

TEST(Machine, IsTheSameWithAndWithoutAMemoryInAnyOrder) {
  const signal_sampler from(
      "{m: {machine: {states: {a: {dwell: 5s, next: b}, b: {dwell: 9s, next: a}}}}, "
      "c: {machine: {states: {a: {next: {b: 20%}}, b: {next: {a: 20%}}}}}, "
      "s: {switch: {on: 4s, off: 6s}}}");
  sensor_memory memory;
  seeded_stream draws(stream_key(5));
  for (int i = 0; i < 2'000; ++i) {
    const duration at = milliseconds(draws.between(0, 600'000));
    for (const char* name : {"m", "c", "s"}) {
      EXPECT_EQ(from.value(name, at, 7, &memory), from.value(name, at, 7)) << name;
    }
  }
}

}  // namespace
}  // namespace gauntlet::sim
