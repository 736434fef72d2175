// Goal: names and filters are accepted and matched as the standard says, and a refusal names the
// rule and the byte.

#include "harness/mqtt/topic.hpp"

#include <string>

#include <gtest/gtest.h>

namespace gauntlet::mqtt {
namespace {

using namespace std::string_literals;

constexpr auto v3 = protocol_version::v3_1_1;
constexpr auto v5 = protocol_version::v5;

/// The rule that validation reports, with its offset; "valid" if it reports none.
template <class Result>
std::string verdict(const Result& result) {
  if (result) return "valid";
  return std::to_string(static_cast<int>(result.error().rule)) + "@" +
         std::to_string(result.error().offset);
}

std::string broken(topic_rule rule, std::size_t offset) {
  return std::to_string(static_cast<int>(rule)) + "@" + std::to_string(offset);
}

TEST(ValidateTopicName, AcceptsAnyTextWithoutWildcards) {
  for (const auto& name : {"a"s, "/"s, "//"s, "a/b"s, "/a"s, "a/"s, "a b"s, "$SYS/x"s,
                           "$share/g/x"s, "ä/€"s, std::string(topic_size_bytes_max, '/')}) {
    EXPECT_EQ(verdict(validate_topic_name(name)), "valid") << name.substr(0, 20);
  }
}

TEST(ValidateTopicName, NamesTheRuleAndTheByte) {
  EXPECT_EQ(verdict(validate_topic_name("")), broken(topic_rule::not_empty, 0));
  EXPECT_EQ(verdict(validate_topic_name(std::string(topic_size_bytes_max + 1, 'a'))),
            broken(topic_rule::not_too_long, topic_size_bytes_max));
  EXPECT_EQ(verdict(validate_topic_name("a\0b"s)), broken(topic_rule::no_null_character, 1));
  EXPECT_EQ(verdict(validate_topic_name("a/+")), broken(topic_rule::no_wildcard_in_name, 2));
  EXPECT_EQ(verdict(validate_topic_name("ab#")), broken(topic_rule::no_wildcard_in_name, 2));
}

TEST(ValidateTopicFilter, AcceptsWildcardsThatFillTheirLevel) {
  for (const auto& filter : {"#"s, "+"s, "/"s, "/#"s, "+/+"s, "/+"s, "a/+/b"s, "+/a/#"s, "a//#"s,
                             "$SYS/#"s, "+/"s, "a b/+"s}) {
    EXPECT_EQ(verdict(validate_topic_filter(filter, v3)), "valid") << filter;
    EXPECT_EQ(verdict(validate_topic_filter(filter, v5)), "valid") << filter;
  }
}

TEST(ValidateTopicFilter, NamesTheRuleAndTheByte) {
  const auto check = [](const std::string& filter) {
    return verdict(validate_topic_filter(filter, v5));
  };
  EXPECT_EQ(check(""), broken(topic_rule::not_empty, 0));
  EXPECT_EQ(check("a/\0"s), broken(topic_rule::no_null_character, 2));
  EXPECT_EQ(check("a#"), broken(topic_rule::multi_level_fills_level, 1));
  EXPECT_EQ(check("a/b#"), broken(topic_rule::multi_level_fills_level, 3));
  EXPECT_EQ(check("##"), broken(topic_rule::multi_level_fills_level, 0));
  EXPECT_EQ(check("#a"), broken(topic_rule::multi_level_fills_level, 0));
  EXPECT_EQ(check("a/#/b"), broken(topic_rule::multi_level_last, 2));
  EXPECT_EQ(check("#/a"), broken(topic_rule::multi_level_last, 0));
  EXPECT_EQ(check("#/"), broken(topic_rule::multi_level_last, 0));
  EXPECT_EQ(check("a+"), broken(topic_rule::single_level_fills_level, 1));
  EXPECT_EQ(check("+a"), broken(topic_rule::single_level_fills_level, 0));
  EXPECT_EQ(check("a/b+/c"), broken(topic_rule::single_level_fills_level, 3));
  EXPECT_EQ(check("++"), broken(topic_rule::single_level_fills_level, 0));
  EXPECT_EQ(check("+#"), broken(topic_rule::single_level_fills_level, 0));
}

TEST(SharedSubscription, IsTakenApart) {
  for (const auto& [text, share_name, filter] : {std::tuple{"$share/g/a/+", "g", "a/+"},
                                                 {"$share/g//x", "g", "/x"},
                                                 {"$share/ g/#", " g", "#"},
                                                 {"$share/$/$SYS/x", "$", "$SYS/x"},
                                                 {"$share/g//", "g", "/"}}) {
    const auto shared = parse_shared_subscription(text);
    ASSERT_TRUE(shared) << text;
    EXPECT_EQ(shared->share_name, share_name);
    EXPECT_EQ(shared->filter, filter);
  }
}

TEST(SharedSubscription, NamesTheRuleAndTheByte) {
  const auto check = [](const std::string& filter) {
    return verdict(validate_topic_filter(filter, v5));
  };
  EXPECT_EQ(check("$share/"), broken(topic_rule::share_name_not_empty, 7));
  EXPECT_EQ(check("$share//a"), broken(topic_rule::share_name_not_empty, 7));
  EXPECT_EQ(check("$share/g+/a"), broken(topic_rule::share_name_no_wildcard, 8));
  EXPECT_EQ(check("$share/#"), broken(topic_rule::share_name_no_wildcard, 7));
  EXPECT_EQ(check("$share/g"), broken(topic_rule::share_name_then_filter, 8));
  EXPECT_EQ(check("$share/g/"), broken(topic_rule::share_name_then_filter, 9));
  EXPECT_EQ(check("$share/g/a#"), broken(topic_rule::multi_level_fills_level, 10));
  EXPECT_EQ(check("$share/g/#/a"), broken(topic_rule::multi_level_last, 9));
}

TEST(SharedSubscription, IsAnOrdinaryFilterIn311AndWithoutTheSlash) {
  EXPECT_EQ(verdict(validate_topic_filter("$share/", v3)), "valid");
  EXPECT_EQ(verdict(validate_topic_filter("$share/g", v3)), "valid");
  EXPECT_EQ(verdict(validate_topic_filter("$share", v5)), "valid");
  EXPECT_EQ(verdict(validate_topic_filter("$shared/g", v5)), "valid");
  EXPECT_FALSE(is_shared_subscription("$share"));
  EXPECT_TRUE(is_shared_subscription("$share/g/a"));
}

TEST(TopicError, CitesEachVersionByItsOwnNumbers) {
  const topic_error error{topic_rule::multi_level_last, 2};
  EXPECT_EQ(describe(error, v5),
            "\"#\" must be the last level of the filter (byte 2, section 4.7.1.2, MQTT-4.7.1-1)");
  EXPECT_EQ(statement_of(topic_rule::multi_level_last, v3), "MQTT-4.7.1-2");
  EXPECT_EQ(statement_of(topic_rule::single_level_fills_level, v3), "MQTT-4.7.1-3");
  EXPECT_EQ(statement_of(topic_rule::single_level_fills_level, v5), "MQTT-4.7.1-2");
  EXPECT_EQ(statement_of(topic_rule::no_wildcard_in_name, v3), "MQTT-4.7.1-1");
  EXPECT_EQ(statement_of(topic_rule::no_wildcard_in_name, v5), "MQTT-4.7.0-1");
  EXPECT_EQ(statement_of(topic_rule::share_name_not_empty, v3), "");
  EXPECT_EQ(section_of(topic_rule::share_name_then_filter), "4.8.2");
}

struct match_example {
  const char* filter;
  const char* name;
  bool matches;
};

constexpr match_example match_examples[] = {
    // Exact, case and spaces included.
    {"a/b", "a/b", true},
    {"a/b", "A/b", false},
    {"a b", "a b", true},
    {"a", "a/b", false},
    {"a/b", "a", false},
    {"ab", "a", false},
    {"a", "ab", false},
    // Empty levels count.
    {"/", "/", true},
    {"/a", "a", false},
    {"a", "/a", false},
    {"a/", "a", false},
    {"a", "a/", false},
    {"a//b", "a/b", false},
    // "+" is exactly one level, also an empty one.
    {"+", "a", true},
    {"+", "/a", false},
    {"+/+", "/a", true},
    {"/+", "/a", true},
    {"a/+", "a/", true},
    {"a/+", "a", false},
    {"a/+", "a/b/c", false},
    {"a/+/b", "a//b", true},
    {"a/+/b", "a/x/b", true},
    {"a/+/b", "a/x/c", false},
    {"+/b/#", "a/b", true},
    // "#" is any number of levels, the parent level included.
    {"#", "a", true},
    {"#", "/", true},
    {"#", "a/b/c", true},
    {"a/#", "a", true},
    {"a/#", "a/", true},
    {"a/#", "a/b/c", true},
    {"a/#", "ab", false},
    {"a/#", "b", false},
    {"/#", "/", true},
    {"/#", "/a/b", true},
    {"/#", "a", false},
    {"a/b/#", "a", false},
    {"a/+/#", "a", false},
    {"a/+/#", "a/b", true},
    {"+/#", "a", true},
    // A wildcard in the first level does not match "$" topics; one below does.
    {"#", "$SYS", false},
    {"#", "$SYS/a", false},
    {"+", "$SYS", false},
    {"+/a", "$SYS/a", false},
    {"+/#", "$SYS/a", false},
    {"$SYS/#", "$SYS/a", true},
    {"$SYS/#", "$SYS", true},
    {"$SYS/+", "$SYS/a", true},
    {"$/a", "$/a", true},
    {"a/#", "a/$b", true},
    {"+/+", "a/$b", true},
};

TEST(Matches, FollowsTheStandard) {
  for (const auto& [filter, name, expected] : match_examples) {
    EXPECT_EQ(matches(filter, name), expected) << filter << " on " << name;
  }
}

TEST(Matches, TakesAsManyLevelsAsFit) {
  const std::string name(topic_size_bytes_max, '/');
  EXPECT_TRUE(matches(name, name));
  EXPECT_TRUE(matches("//#", name));
  EXPECT_FALSE(matches(name.substr(1), name));
}

}  // namespace
}  // namespace gauntlet::mqtt
