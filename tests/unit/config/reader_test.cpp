// Goal: each reader accepts what it says, and says what would be right.

#include "harness/config/reader.hpp"

#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/config/load.hpp"
#include "harness/config/object.hpp"

namespace gauntlet::config {
namespace {

/// The value as shown, or the first error.
template <class T>
std::string outcome_of(std::string_view yaml, const reader<T>& as) {
  const auto loaded = load_text(yaml, "f", as);
  if (!loaded) return to_string(loaded.error().front());
  return as.show ? as.show(*loaded) : "read";
}

TEST(Reader, Numbers) {
  EXPECT_EQ(outcome_of("5", whole_number(1, 10)), "5");
  EXPECT_EQ(outcome_of("+5", whole_number(1, 10)), "5");
  EXPECT_EQ(outcome_of("0", whole_number(1, INT64_MAX)),
            "f:1:1: expected a whole number of at least 1, not '0'");
  EXPECT_EQ(outcome_of("5.0", whole_number(INT64_MIN, 9)),
            "f:1:1: expected a whole number of at most 9, not '5.0'");
  EXPECT_EQ(outcome_of("99999999999999999999", whole_number(INT64_MIN, INT64_MAX)),
            "f:1:1: expected a whole number, not '99999999999999999999'");
  EXPECT_EQ(outcome_of("2.5", real(0, 10)), "2.5");
  EXPECT_EQ(outcome_of(".nan", real(0, 10)), "f:1:1: expected a number from 0 to 10, not '.nan'");
  EXPECT_EQ(outcome_of("nan", real(0, 10)), "f:1:1: expected a number from 0 to 10, not 'nan'");
  EXPECT_EQ(outcome_of("{}", real(0, 10)), "f:1:1: expected a number from 0 to 10, not a mapping");
  EXPECT_EQ(outcome_of("300", integer<std::uint8_t>()),
            "f:1:1: expected a whole number from 0 to 255, not '300'");
}

TEST(Reader, Booleans) {
  EXPECT_EQ(outcome_of("true", boolean()), "true");
  EXPECT_EQ(outcome_of("yes", boolean()), "f:1:1: expected true or false, not 'yes'");
  EXPECT_EQ(outcome_of("'true'", boolean()), "f:1:1: expected true or false, not 'true'");
}

TEST(Reader, Texts) {
  EXPECT_EQ(outcome_of("a b", text()), "\"a b\"");
  EXPECT_EQ(outcome_of("'5'", text()), "\"5\"");
  EXPECT_EQ(outcome_of("1.5", text()),
            "f:1:1: expected text, not '1.5'; put it into quotes if it is meant as text");
  EXPECT_EQ(outcome_of("abc", text({.length_max = 2})),
            "f:1:1: the text must have at most 2 bytes, not 3");
  EXPECT_EQ(outcome_of("a", text({.length_min = 2})), "f:1:1: the text must have at least 2 bytes");
}

TEST(Reader, Quantities) {
  using namespace std::chrono_literals;
  EXPECT_EQ(outcome_of("90s", time_span(1s, 1h)), "\"1m30s\"");
  EXPECT_EQ(outcome_of("1ms", time_span(1s, duration::max())),
            "f:1:1: expected a duration of at least 1s, not '1ms'");
  EXPECT_EQ(outcome_of("1KiB", size_in_bytes(36, 1U << 20U)), "\"1KiB\"");
  EXPECT_EQ(outcome_of("8B", size_in_bytes(36, 1U << 20U)),
            "f:1:1: expected a size from 36B to 1MiB, not '8B'");
  EXPECT_EQ(outcome_of("30/min", frequency()), "\"30/min\"");
  EXPECT_EQ(outcome_of("0/s", frequency()), "f:1:1: expected a rate above zero, not '0/s'");
  EXPECT_EQ(outcome_of("0.5%", percentage()), "\"0.5%\"");
  EXPECT_EQ(outcome_of("[1]", percentage()), "f:1:1: expected a single value, not a list");
}

TEST(Reader, ListsAndMappings) {
  const auto list = list_of(whole_number(0, 9), 1, 2);
  EXPECT_EQ(outcome_of("[1, 2]", list), "read");
  EXPECT_EQ(outcome_of("[1, 2, 3]", list), "f:1:1: expected 1 to 2 elements, not 3");
  EXPECT_EQ(outcome_of("[1, x]", list), "f:1:5: [1]: expected a whole number from 0 to 9, not 'x'");
  EXPECT_EQ(outcome_of("4", one_or_list_of(whole_number(0, 9))), "read");
  EXPECT_EQ(outcome_of("[]", one_or_list_of(whole_number(0, 9))),
            "f:1:1: expected 1 to 10000 elements, not 0");

  const auto mapping = mapping_of(whole_number(0, 9), 1, 1);
  const auto read = load_text("b: 1", "f", mapping);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->front(), (std::pair<std::string, std::int64_t>("b", 1)));
  EXPECT_EQ(outcome_of("{}", mapping), "f:1:1: expected exactly 1 keys, not 0");
  EXPECT_EQ(outcome_of("[]", mapping), "f:1:1: expected a mapping, not a list");
}

TEST(Reader, AlternativesAndChecks) {
  const auto even = checked<std::int64_t>(whole_number(0, 9), [](const std::int64_t& value) {
    return std::string(value % 2 == 0 ? "" : "this must be even");
  });
  EXPECT_EQ(outcome_of("4", even), "4");
  EXPECT_EQ(outcome_of("5", even), "f:1:1: this must be even");
  const auto sum = converted<std::int64_t, std::vector<std::int64_t>>(
      list_of(whole_number(0, 9)), [](std::vector<std::int64_t> all) {
        std::int64_t total = 0;
        for (const std::int64_t each : all) total += each;
        return total;
      });
  const auto number = load_text("[1, 2, 3]", "f", scalar_or(even, sum));
  ASSERT_TRUE(number);
  EXPECT_EQ(*number, 6);
  EXPECT_EQ(outcome_of("7", scalar_or(even, sum)), "f:1:1: this must be even");
}

TEST(Reader, ExactlyOneKeyOfAGroup) {
  struct shape {
    std::int64_t size = 0;
  };
  const auto assign = [](shape& to, std::int64_t size) { to.size = size; };
  const auto as = object<shape>("A shape")
                      .derived<std::int64_t>("circle", whole_number(0, 9), assign, "Radius")
                      .derived<std::int64_t>("square", whole_number(0, 9), assign, "Side")
                      .exactly_one({"circle", "square"})
                      .build();
  EXPECT_EQ(outcome_of("circle: 2", as), "read");
  EXPECT_EQ(outcome_of("{}", as), "f:1:1: exactly one of 'circle', 'square' must be given, not 0");
  EXPECT_EQ(outcome_of("{circle: 1, square: 2}", as),
            "f:1:1: exactly one of 'circle', 'square' must be given, not 2");
}

TEST(Suggest, FindsTheNearestWord) {
  const std::vector<std::string> known{"topic", "retain", "qos"};
  EXPECT_EQ(suggest("topci", known), ", did you mean 'topic'?");
  EXPECT_EQ(suggest("retian", known), ", did you mean 'retain'?");
  EXPECT_EQ(suggest("qso", known), ", did you mean 'qos'?");
  EXPECT_EQ(suggest("banana", known), "; known here: topic, retain, qos");
}

TEST(JsonSchema, FollowsFromTheTable) {
  struct lamp {
    std::string name;
    bool on = true;
  };
  const auto as = object<lamp>("A lamp")
                      .required("name", &lamp::name, text({.length_max = 9}), "Its \"name\"")
                      .optional("on", &lamp::on, boolean(), "Whether it shines")
                      .build();
  EXPECT_EQ(json_schema_document(as.schema, "Lamp"), R"({
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "title": "Lamp",
  "type": "object",
  "description": "A lamp",
  "additionalProperties": false,
  "properties": {
    "name": {
      "description": "Its \"name\"",
      "type": "string",
      "minLength": 0,
      "maxLength": 9
    },
    "on": {
      "description": "Whether it shines",
      "default": true,
      "type": "boolean"
    }
  },
  "required": ["name"]
}
)");
}

TEST(Diagnostics, AreLimitedInNumber) {
  std::string text = "[";
  for (int i = 0; i < 150; ++i) text += "x,";
  const auto loaded = load_text(text + "x]", "f", list_of(whole_number(0, 9)));
  ASSERT_FALSE(loaded);
  ASSERT_EQ(loaded.error().size(), 101U);
  EXPECT_EQ(to_string(loaded.error().back()), "f: and 51 more errors");
}

}  // namespace
}  // namespace gauntlet::config
