// Goal: each generator makes the values that its description promises, and the same ones again.

#include "sim/plan/payload_plan.hpp"

#include <cmath>
#include <map>
#include <memory>
#include <regex>
#include <set>
#include <utility>

#include <gtest/gtest.h>

namespace gauntlet::sim {
namespace {

constexpr template_values values{.group = "doors", .index = 3, .device = 13, .seed = 9};
const stream_key key = stream_key(1).with("test");

payload_text parsed(std::string_view text) { return *payload_text::parse(text); }

document_payload object_of(std::vector<std::pair<std::string, value_generator>> members) {
  document_payload made;
  for (auto& [name, value] : members) {
    made.root.names.push_back(name);
    made.root.children.push_back({.value = std::move(value), .names = {}, .children = {}});
  }
  return made;
}

random_payload random_of(std::uint64_t min, std::uint64_t max) {
  return {.size = {.min_bytes = min, .max_bytes = max, .choice = {}}};
}

std::string made(const payload_plan& plan, std::uint32_t sequence,
                 duration scheduled = duration::zero()) {
  byte_buffer out;
  plan.append({key, values, {.stream = 5, .sequence = sequence, .scheduled = scheduled}}, out);
  return std::string(as_text(out));
}

/// The value of member "v" that a generator makes.
std::string value_of(const value_generator& generator, std::uint32_t sequence,
                     duration scheduled = duration::zero()) {
  const payload_plan plan(object_of({{"v", generator}}));
  const std::string text = made(plan, sequence, scheduled);
  const std::size_t begin = text.find(",\"v\":") + 5;
  return text.substr(begin, text.size() - begin - 1);
}

file_payload two_files() {
  return {.names = {"a", "b"},
          .contents = std::make_shared<const std::vector<byte_buffer>>(
              std::vector<byte_buffer>{{1, 2}, {3}})};
}

std::vector<payload_description> each_kind() {
  document_payload cbor = object_of({{"a", counter_signal{}}});
  cbor.as = document_format::cbor;
  document_payload packed = cbor;
  packed.as = document_format::messagepack;
  return {text_payload{parsed("hello")},
          object_of({{"a", counter_signal{}}}),
          document_payload{},
          cbor,
          packed,
          layout_payload{},
          two_files(),
          random_of(36, 36),
          random_of(100, 200)};
}

TEST(PayloadPlan, StampsEachKind) {
  const stamp expected{.stream = 5, .sequence = 8, .scheduled = duration(77)};
  for (const payload_description& what : each_kind()) {
    const payload_plan plan(what);
    byte_buffer out{1, 2, 3};  // what was there before stays
    plan.append({key, values, expected}, out);
    ASSERT_EQ(out[2], 3);
    EXPECT_EQ(read_stamp(byte_view(out).subspan(3)), expected);
    stamp again = expected;
    again.run_id = 4;
    write_stamp(std::span(out).subspan(3), plan.layout(), again);
    EXPECT_EQ(read_stamp(byte_view(out).subspan(3)), again);
  }
}

TEST(PayloadPlan, FitsAStampIntoSixteenBytes) {
  const payload_plan plan(random_of(16, 16));
  const std::string text = made(plan, 8, duration::zero());
  EXPECT_EQ(text.size(), 16U);
  const auto read = read_stamp(as_bytes(text));
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->stream, 5U);
  EXPECT_EQ(read->sequence, 8U);
}

TEST(PayloadPlan, LeavesTheStampOutWhereItIsAsked) {
  for (const stamp_place place : {stamp_place::user_property, stamp_place::none}) {
    for (const payload_description& what : each_kind()) {
      const payload_plan plan(what, place);
      EXPECT_EQ(read_stamp(as_bytes(made(plan, 1))), std::nullopt);
      EXPECT_EQ(plan.layout().size(), 0U);
    }
    EXPECT_EQ(made(payload_plan(text_payload{parsed("hello")}, place), 1), "hello");
    EXPECT_EQ(made(payload_plan(object_of({{"a", counter_signal{}}}), place), 1), "{\"a\":1}");
    EXPECT_EQ(made(payload_plan(document_payload{}, place), 1), "{}");
    EXPECT_EQ(made(payload_plan(random_of(2, 2), place), 1).size(), 2U);
    EXPECT_EQ(made(payload_plan(two_files(), place), 3), "\x03");
  }
}

TEST(PayloadPlan, MakesTextAndRandomBytes) {
  const payload_plan text(text_payload{parsed("{group} {index:03} {sequence} {time} {client_id}")},
                          stamp_place::payload, *text_template::parse("c{device}"));
  EXPECT_EQ(made(text, 12).substr(stamp_size_digits), " doors 003 12 2026-01-01T00:00:00.000Z c13");
  EXPECT_EQ(made(payload_plan(text_payload{}), 1).size(), stamp_size_digits);
  const payload_plan random(random_of(64, 64));
  EXPECT_EQ(made(random, 1).size(), 64U);
  EXPECT_NE(made(random, 1).substr(36), made(random, 2).substr(36));
}

TEST(PayloadPlan, SendsFilesInTurn) {
  const payload_plan plan(two_files());
  EXPECT_EQ(made(plan, 0).substr(0, 2), "\x01\x02");
  EXPECT_EQ(made(plan, 0).size(), 2 + stamp_size_bytes);
  EXPECT_EQ(made(plan, 1).size(), 1 + stamp_size_bytes);
  EXPECT_EQ(made(plan, 2).substr(0, 2), "\x01\x02");
}

TEST(PayloadPlan, DrawsSizesAsAsked) {
  using shape = size_distribution::shape;
  constexpr std::uint32_t count = 4'000;
  std::map<std::size_t, int> uniform;
  std::map<std::size_t, int> choice;
  double sum = 0;
  double squares = 0;
  const payload_plan uniforms(random_of(16, 19));
  const payload_plan choices(random_payload{
      .size = {.as = shape::choice, .min_bytes = 40, .choice = {{40, 3}, {50, 1}, {60, 0}}}});
  const payload_plan normals(random_payload{.size = {.as = shape::normal,
                                                     .min_bytes = 16,
                                                     .max_bytes = 2000,
                                                     .mean_bytes = 1000,
                                                     .stddev_bytes = 50,
                                                     .choice = {}}});
  for (std::uint32_t i = 0; i < count; ++i) {
    ++uniform[made(uniforms, i).size()];
    ++choice[made(choices, i).size()];
    const auto size = static_cast<double>(made(normals, i).size());
    sum += size;
    squares += (size - 1000) * (size - 1000);
  }
  ASSERT_EQ(uniform.size(), 4U);
  for (const auto& [size, times] : uniform) EXPECT_NEAR(times, count / 4, 120) << size;
  ASSERT_EQ(choice.size(), 2U);
  EXPECT_NEAR(choice[40], 3'000, 120);
  EXPECT_NEAR(sum / count, 1000, 4);
  EXPECT_NEAR(std::sqrt(squares / count), 50, 3);
}

TEST(PayloadPlan, WritesConstantsAsJson) {
  EXPECT_EQ(value_of(constant_value{.literal = "-1.5e3"}, 0), "-1.5e3");
  EXPECT_EQ(value_of(constant_value{.is_text = true, .text = parsed("a\"b\n")}, 0),
            "\"a\\\"b\\u000a\"");
  const payload_plan plan(
      object_of({{"n\"", constant_value{.is_text = true, .text = parsed("<{client_id}>")}}}),
      stamp_place::payload, *text_template::parse("it's \"d\\{index}\""));
  EXPECT_NE(made(plan, 0).find(R"(,"n\"":"<it's \"d\\3\">"})"), std::string::npos) << made(plan, 0);
}

TEST(PayloadPlan, KeepsNumbersInTheirBounds) {
  std::set<std::string> integers;
  for (std::uint32_t i = 0; i < 2'000; ++i) {
    const double uniform = std::stod(value_of(uniform_signal{.min = -1, .max = 1}, i));
    EXPECT_TRUE(uniform >= -1 && uniform <= 1) << uniform;
    integers.insert(value_of(integer_signal{.min = -1, .max = 1}, i));
    const double walk = std::stod(
        value_of(walk_signal{.start = 21, .step = 3, .min = 15, .max = 30, .decimals = 3}, i));
    EXPECT_TRUE(walk >= 15 && walk <= 30) << walk;
  }
  EXPECT_EQ(integers, (std::set<std::string>{"-1", "0", "1"}));
}

TEST(PayloadPlan, WritesTheDecimalsAsked) {
  EXPECT_TRUE(std::regex_match(value_of(uniform_signal{.min = 0, .max = 9, .decimals = 0}, 1),
                               std::regex("[0-9]")));
  EXPECT_TRUE(std::regex_match(value_of(uniform_signal{.min = -9, .max = -8, .decimals = 9}, 1),
                               std::regex("-8\\.[0-9]{9}")));
  EXPECT_EQ(value_of(uniform_signal{.min = 0.05, .max = 0.05, .decimals = 3}, 1), "0.050");
  EXPECT_EQ(value_of(uniform_signal{.min = -0.001, .max = -0.001, .decimals = 2}, 1), "0.00");
  EXPECT_EQ(value_of(normal_signal{.mean = 1e9, .stddev = 0, .decimals = 9}, 1),
            "1000000000.000000000");
  // Far beyond what is asked for, the number is cut, not wrapped around.
  for (std::uint32_t i = 0; i < 100; ++i) {
    const std::string value = value_of(normal_signal{.mean = 0, .stddev = 1e9, .decimals = 9}, i);
    EXPECT_TRUE(std::regex_match(value, std::regex("-?[0-9]{1,10}\\.[0-9]{9}"))) << value;
  }
}

TEST(PayloadPlan, CountsAndChooses) {
  EXPECT_EQ(value_of(counter_signal{.start = 5, .step = -2}, 10), "-15");
  const choice_signal choices{{std::int64_t{1}, std::string("b"), std::monostate()}};
  std::set<std::string> chosen;
  int trues = 0;
  for (std::uint32_t i = 0; i < 1'000; ++i) {
    chosen.insert(value_of(choices, i));
    trues += value_of(bool_signal{.probability = 0.3}, i) == "true" ? 1 : 0;
  }
  EXPECT_EQ(chosen, (std::set<std::string>{"1", "\"b\"", "null"}));
  EXPECT_NEAR(trues, 300, 50);
}

TEST(PayloadPlan, TellsTheScheduledTime) {
  using format = timestamp_signal::format;
  const duration due = std::chrono::hours(24 * 59) + std::chrono::milliseconds(61'007);
  EXPECT_EQ(value_of(timestamp_signal{format::iso8601}, 0, due), "\"2026-03-01T00:01:01.007Z\"");
  EXPECT_EQ(value_of(timestamp_signal{format::unix_s}, 0), "1767225600");
  EXPECT_EQ(value_of(timestamp_signal{format::unix_ms}, 0, std::chrono::milliseconds(5)),
            "1767225600005");
}

TEST(PayloadPlan, MakesTheSameAgainInAnyOrder) {
  const payload_plan plan(object_of({{"u", uniform_signal{}},
                                     {"n", normal_signal{}},
                                     {"w", walk_signal{}},
                                     {"u2", uniform_signal{}}}));
  std::vector<std::string> forward;
  for (std::uint32_t i = 0; i < 50; ++i) forward.push_back(made(plan, i));
  for (std::uint32_t i = 50; i-- > 0;) EXPECT_EQ(made(plan, i), forward[i]);
  // Two members of one kind draw from different streams.
  const std::string one = forward[7].substr(forward[7].find("\"u\":") + 4, 4);
  const std::string two = forward[7].substr(forward[7].find("\"u2\":") + 5, 4);
  EXPECT_NE(one, two);
}

}  // namespace
}  // namespace gauntlet::sim
