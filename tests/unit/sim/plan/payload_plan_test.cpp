// Goal: each generator makes the values that its description promises, and the same ones again.

#include "sim/plan/payload_plan.hpp"

#include <cmath>
#include <regex>
#include <set>

#include <gtest/gtest.h>

namespace gauntlet::sim {
namespace {

constexpr template_values values{
    .group = "doors", .index = 3, .device = 13, .seed = 9, .client_id = "it's \"d\\3\""};
const stream_key key = stream_key(1).with("test");

std::string made(const payload_plan& plan, std::uint32_t sequence,
                 duration scheduled = duration::zero()) {
  byte_buffer out;
  plan.append(key, values, {.stream = 5, .sequence = sequence, .scheduled = scheduled}, out);
  return std::string(as_text(out));
}

/// The value of member "v" that a generator makes.
std::string value_of(const value_generator& generator, std::uint32_t sequence,
                     duration scheduled = duration::zero()) {
  const payload_plan plan(json_payload{{{"v", generator}}});
  const std::string text = made(plan, sequence, scheduled);
  const std::size_t begin = text.find(",\"v\":") + 5;
  return text.substr(begin, text.size() - begin - 1);
}

text_template parsed(std::string_view text) { return *text_template::parse(text); }

TEST(PayloadPlan, StampsEachKind) {
  const stamp expected{.stream = 5, .sequence = 8, .scheduled = duration(77)};
  for (const payload_description& what :
       {payload_description(text_payload{parsed("hello")}),
        payload_description(json_payload{{{"a", counter_value{}}}}),
        payload_description(json_payload{}), payload_description(random_payload{.size_bytes = 36}),
        payload_description(random_payload{.size_bytes = 100})}) {
    const payload_plan plan(what);
    byte_buffer out{1, 2, 3};  // what was there before stays
    plan.append(key, values, expected, out);
    ASSERT_EQ(out[2], 3);
    EXPECT_EQ(read_stamp(byte_view(out).subspan(3)), expected);
    stamp again = expected;
    again.run_id = 4;
    write_stamp(std::span(out).subspan(3), plan.layout(), again);
    EXPECT_EQ(read_stamp(byte_view(out).subspan(3)), again);
  }
}

TEST(PayloadPlan, MakesTextAndRandomBytes) {
  const payload_plan text(text_payload{parsed("{group} {index:03}")});
  EXPECT_EQ(made(text, 1).substr(stamp_size_digits), " doors 003");
  EXPECT_EQ(made(payload_plan(text_payload{}), 1).size(), stamp_size_digits);
  const payload_plan random(random_payload{.size_bytes = 64});
  EXPECT_EQ(made(random, 1).size(), 64U);
  EXPECT_NE(made(random, 1).substr(36), made(random, 2).substr(36));
}

TEST(PayloadPlan, WritesConstantsAsJson) {
  EXPECT_EQ(value_of(constant_value{.literal = "-1.5e3"}, 0), "-1.5e3");
  EXPECT_EQ(value_of(constant_value{.is_text = true, .text = parsed("a\"b\n")}, 0),
            "\"a\\\"b\\u000a\"");
  const payload_plan plan(
      json_payload{{{"n\"", constant_value{.is_text = true, .text = parsed("<{client_id}>")}}}});
  EXPECT_TRUE(plan.uses_client_id());
  EXPECT_NE(made(plan, 0).find(R"(,"n\"":"<it's \"d\\3\">"})"), std::string::npos) << made(plan, 0);
  EXPECT_FALSE(payload_plan(json_payload{}).uses_client_id());
}

TEST(PayloadPlan, KeepsNumbersInTheirBounds) {
  std::set<std::string> integers;
  for (std::uint32_t i = 0; i < 2'000; ++i) {
    const double uniform = std::stod(value_of(uniform_value{.min = -1, .max = 1}, i));
    EXPECT_TRUE(uniform >= -1 && uniform <= 1) << uniform;
    integers.insert(value_of(integer_value{.min = -1, .max = 1}, i));
    const double walk = std::stod(
        value_of(walk_value{.start = 21, .step = 3, .min = 15, .max = 30, .decimals = 3}, i));
    EXPECT_TRUE(walk >= 15 && walk <= 30) << walk;
  }
  EXPECT_EQ(integers, (std::set<std::string>{"-1", "0", "1"}));
}

TEST(PayloadPlan, WritesTheDecimalsAsked) {
  EXPECT_TRUE(std::regex_match(value_of(uniform_value{.min = 0, .max = 9, .decimals = 0}, 1),
                               std::regex("[0-9]")));
  EXPECT_TRUE(std::regex_match(value_of(uniform_value{.min = -9, .max = -8, .decimals = 9}, 1),
                               std::regex("-8\\.[0-9]{9}")));
  EXPECT_EQ(value_of(uniform_value{.min = 0.05, .max = 0.05, .decimals = 3}, 1), "0.050");
  EXPECT_EQ(value_of(uniform_value{.min = -0.001, .max = -0.001, .decimals = 2}, 1), "0.00");
  EXPECT_EQ(value_of(normal_value{.mean = 1e9, .stddev = 0, .decimals = 9}, 1),
            "1000000000.000000000");
  // Far beyond what is asked for, the number is cut, not wrapped around.
  for (std::uint32_t i = 0; i < 100; ++i) {
    const std::string value = value_of(normal_value{.mean = 0, .stddev = 1e9, .decimals = 9}, i);
    EXPECT_TRUE(std::regex_match(value, std::regex("-?[0-9]{1,10}\\.[0-9]{9}"))) << value;
  }
}

TEST(PayloadPlan, CountsAndChooses) {
  EXPECT_EQ(value_of(counter_value{.start = 5, .step = -2}, 10), "-15");
  std::set<std::string> chosen;
  int trues = 0;
  for (std::uint32_t i = 0; i < 1'000; ++i) {
    chosen.insert(value_of(choice_value{{"1", "\"b\"", "null"}}, i));
    trues += value_of(bool_value{.probability = 0.3}, i) == "true" ? 1 : 0;
  }
  EXPECT_EQ(chosen, (std::set<std::string>{"1", "\"b\"", "null"}));
  EXPECT_NEAR(trues, 300, 50);
}

TEST(PayloadPlan, TellsTheScheduledTime) {
  using format = timestamp_value::format;
  const duration due = std::chrono::hours(24 * 59) + std::chrono::milliseconds(61'007);
  EXPECT_EQ(value_of(timestamp_value{format::iso8601}, 0, due), "\"2026-03-01T00:01:01.007Z\"");
  EXPECT_EQ(value_of(timestamp_value{format::unix_s}, 0), "1767225600");
  EXPECT_EQ(value_of(timestamp_value{format::unix_ms}, 0, std::chrono::milliseconds(5)),
            "1767225600005");
}

TEST(PayloadPlan, MakesTheSameAgainInAnyOrder) {
  const payload_plan plan(json_payload{{{"u", uniform_value{}},
                                        {"n", normal_value{}},
                                        {"w", walk_value{}},
                                        {"u2", uniform_value{}}}});
  std::vector<std::string> forward;
  for (std::uint32_t i = 0; i < 50; ++i) forward.push_back(made(plan, i));
  for (std::uint32_t i = 50; i-- > 0;) EXPECT_EQ(made(plan, i), forward[i]);
  // Two members of one kind draw from different streams.
  const std::string one = forward[7].substr(forward[7].find("\"u\":") + 4, 4);
  const std::string two = forward[7].substr(forward[7].find("\"u2\":") + 5, 4);
  EXPECT_NE(one, two);
}

TEST(UnitWalk, StepsAreNormalAndIndependent) {
  double squares = 0;
  double products = 0;
  double previous = 0;
  constexpr std::uint32_t count = 20'000;
  for (std::uint32_t i = 0; i < count; ++i) {
    const double step = unit_walk(key, i + 1) - unit_walk(key, i);
    EXPECT_LT(std::abs(step), 6);
    squares += step * step;
    products += step * previous;
    previous = step;
  }
  EXPECT_NEAR(squares / count, 1, 0.04);
  EXPECT_NEAR(products / count, 0, 0.04);
}

TEST(UnitWalk, SpreadsWithTheRootOfTime) {
  double squares = 0;
  constexpr int walks = 2'000;
  for (std::uint64_t walk = 0; walk < walks; ++walk) {
    const double far = unit_walk(key.with(walk), 1'000'003);
    squares += far * far;
  }
  EXPECT_NEAR(std::sqrt(squares / walks), 1'000, 50);
  EXPECT_EQ(unit_walk(key, 0), 0);
  EXPECT_TRUE(std::isfinite(unit_walk(key, UINT32_MAX)));
}

}  // namespace
}  // namespace gauntlet::sim
