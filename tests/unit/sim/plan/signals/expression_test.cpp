// Goal: expressions compute what they say.

#include <cmath>

#include <gtest/gtest.h>

#include "tests/unit/sim/plan/signals/signal_sampler.hpp"

namespace gauntlet::sim {
namespace {

/// A device with an expression over a few constant sensors.
signal_sampler device_with(const std::string& formula) {
  return signal_sampler(
      "{two: {constant: 2}, half: {constant: 0.5}, word: {constant: running}, yes: {constant: "
      "true}, nothing: {constant: null}, x: {expression: {formula: '" +
      formula + "', decimals: 6}}}");
}

/// Its value, without what a text would borrow.
sensor_value computed(const std::string& formula, duration at = seconds(0),
                      std::uint32_t device = 0) {
  return device_with(formula).value("x", at, device);
}

std::string text(const std::string& formula) {
  const signal_sampler from = device_with(formula);
  return std::string(from.value("x", seconds(0), 0).text);
}

double number(const std::string& formula) { return computed(formula).number(); }
bool truth(const std::string& formula) {
  const sensor_value value = computed(formula);
  EXPECT_EQ(value.is, sensor_value::type::boolean) << formula;
  return value.truth;
}

TEST(Expression, ComputesWithTheUsualPrecedence) {
  EXPECT_EQ(number("1 + 2 * 3"), 7);
  EXPECT_EQ(number("(1 + 2) * 3"), 9);
  EXPECT_EQ(number("10 - 4 - 3"), 3);
  EXPECT_EQ(number("12 / 3 / 2"), 2);
  EXPECT_EQ(number("2 ^ 3 ^ 2"), 512);
  EXPECT_EQ(number("-2 ^ 2"), -4);
  EXPECT_EQ(number("2 ^ -1"), 0.5);
  EXPECT_EQ(number("7 % 4 * 2"), 6);
  EXPECT_EQ(number("-10 % 360"), 350);
  EXPECT_EQ(number("two * half + 1.5e1"), 16);
}

TEST(Expression, ComparesAndDecides) {
  EXPECT_TRUE(truth("1 < 2 and 2 <= 2 and 3 > 2 and 2 >= 2"));
  EXPECT_FALSE(truth("1 == 2 or 1 != 1"));
  EXPECT_TRUE(truth("not 1 == 2"));
  EXPECT_TRUE(truth("yes or nothing and nothing"));
  EXPECT_TRUE(truth("word == \"running\""));
  EXPECT_FALSE(truth("word == \"idle\" or word == 2"));
  EXPECT_EQ(text("if(word == \"running\", \"hot\", \"cold\")"), "hot");
  EXPECT_EQ(number("if(two > 3, 10, 20)"), 20);
  EXPECT_EQ(number("yes + 1"), 2);
}

TEST(Expression, HasFunctions) {
  EXPECT_EQ(number("abs(-3)"), 3);
  EXPECT_EQ(number("ceil(1.2) + floor(1.8) + round(2.5)"), 6);
  EXPECT_EQ(number("min(2, 3) + max(2, 3)"), 5);
  EXPECT_EQ(number("clamp(7, 1, 5) + clamp(-7, 1, 5) + clamp(3, 1, 5)"), 9);
  EXPECT_EQ(number("sqrt(16) + pow(2, 5) + sign(-8)"), 35);
  EXPECT_NEAR(number("exp(1) + log(exp(2))"), std::exp(1.0) + 2, 1e-6);
  EXPECT_NEAR(number("sin(pi / 2) + cos(pi)"), 0, 1e-6);
}

TEST(Expression, KnowsTimeAndDevice) {
  EXPECT_EQ(computed("time", seconds(90)).number(), 90);
  EXPECT_EQ(computed("hour", hours(24 * 3 + 15)).number(), 15);
  EXPECT_EQ(computed("index * 10", seconds(0), 7).number(), 70);
}

TEST(Expression, HasNoValueWhereNoneCanBe) {
  for (const char* formula : {"nothing + 1", "1 / 0", "sqrt(-1)", "log(0)", "-nothing", "word * 2",
                              "max(1, nothing)", "null"}) {
    EXPECT_EQ(computed(formula).is, sensor_value::type::null) << formula;
  }
  EXPECT_TRUE(truth("nothing == null"));
  EXPECT_FALSE(truth("two == null"));
  EXPECT_EQ(number("if(nothing == null, 5, nothing)"), 5);
}

TEST(Expression, SeesValuesAsTheyAreWritten) {
  const signal_sampler from(
      "{t: {normal: {mean: 20, stddev: 5, decimals: 1}}, x: {expression: {formula: t * 10, "
      "decimals: "
      "3}}}");
  for (int i = 0; i < 100; ++i) {
    EXPECT_NEAR(from.number("x", seconds(i)), 10 * from.number("t", seconds(i)), 1e-9);
    const double whole = from.number("x", seconds(i));
    EXPECT_NEAR(whole, std::round(whole), 1e-9);
  }
}

TEST(Expression, IsSampledWithTheFastestSensorInIt) {
  const signal_sampler from(
      "{slow: {counter: {}, every: 10s}, fast: {counter: {}, every: 100ms}, x: {expression: slow + "
      "fast}, y: {expression: x * 2}, z: {expression: fast, every: 1s}}");
  EXPECT_EQ(from.plan().every(2), milliseconds(100));
  EXPECT_EQ(from.plan().every(3), milliseconds(100));
  EXPECT_EQ(from.number("y", milliseconds(1'250)), 24);
  EXPECT_EQ(from.number("z", milliseconds(1'950)), 10);
}

}  // namespace
}  // namespace gauntlet::sim
