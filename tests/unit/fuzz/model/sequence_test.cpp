// Goal: sequences are the same again from the same seed, survive being written and read, and shrink
// to what matters.

#include <algorithm>

#include <gtest/gtest.h>

#include "fuzz/model/generator.hpp"
#include "fuzz/model/sequence_text.hpp"
#include "fuzz/model/shrink.hpp"

namespace gauntlet::fuzz::model {
namespace {

TEST(ModelSequence, IsTheSameFromTheSameSeed) {
  generator_options options;
  EXPECT_EQ(generate(options, 7), generate(options, 7));
  EXPECT_NE(generate(options, 7), generate(options, 8));
  generator_options other = options;
  other.seed = 2;
  EXPECT_NE(generate(options, 7), generate(other, 7));
}

TEST(ModelSequence, KeepsToWhatTheBrokerDoes) {
  generator_options options;
  options.abilities = {.maximum_qos = mqtt::qos::at_least_once,
                       .retain = false,
                       .wildcards = false,
                       .subscription_identifiers = false};
  options.versions = version_choice::v5;
  for (std::uint64_t number = 0; number < 200; ++number) {
    for (const operation& each : generate(options, number).operations) {
      if (const auto* publish = std::get_if<publish_operation>(&each.what)) {
        EXPECT_LE(publish->qos, mqtt::qos::at_least_once);
        EXPECT_FALSE(publish->retain);
      }
      if (const auto* subscribe = std::get_if<subscribe_operation>(&each.what)) {
        EXPECT_EQ(filters()[subscribe->filter].find_first_of("+#"), std::string::npos);
        EXPECT_EQ(subscribe->identifier, 0U);
      }
    }
  }
}

TEST(ModelSequence, SurvivesBeingWrittenAndRead) {
  const generator_options options;
  for (std::uint64_t number = 0; number < 500; ++number) {
    const sequence_plan plan = generate(options, number);
    const auto read = parse_sequence("# a comment\n" + to_text(plan));
    ASSERT_TRUE(read.has_value()) << read.error().message;
    EXPECT_EQ(*read, plan) << to_text(plan);
  }
}

TEST(ModelSequence, SaysWhichLineMeansNothing) {
  const auto read = parse_sequence("clients 5.0\nclient 0 (5.0): CONNECT\nclient 0 (5.0): JUMP\n");
  ASSERT_FALSE(read.has_value());
  EXPECT_EQ(read.error().message.substr(0, 6), "line 3") << read.error().message;
  EXPECT_FALSE(parse_sequence("clients 5.0\nclient 1 (5.0): CONNECT\n").has_value());
  EXPECT_FALSE(parse_sequence("clients 4\n").has_value());
  EXPECT_FALSE(parse_sequence("").has_value());
}

TEST(ModelSequence, SaysWhatAReplayPassesOver) {
  const std::set<rule> known = {rule::lost_qos_0, rule::added_expiry};
  const sequence_plan plan = generate({}, 1);
  const std::string text = "# a sentence\n" + passing_text(known) + to_text(plan);
  EXPECT_EQ(parse_passing(text), known);
  const auto read = parse_sequence(text);
  ASSERT_TRUE(read.has_value()) << read.error().message;
  EXPECT_EQ(*read, plan);
  EXPECT_EQ(passing_text({}), "");
  EXPECT_TRUE(parse_passing(to_text(plan)).empty());
  EXPECT_EQ(parse_rule("no-such-rule"), std::nullopt);
}

TEST(ModelSequence, ShrinksToWhatFails) {
  const generator_options options{.seed = 3};
  const auto fails = [](const sequence_plan& plan) {
    return std::any_of(plan.operations.begin(), plan.operations.end(), [](const operation& each) {
      const auto* publish = std::get_if<publish_operation>(&each.what);
      return publish != nullptr && publish->retain && publish->qos != mqtt::qos::at_most_once;
    });
  };
  std::uint64_t number = 0;
  while (!fails(generate(options, number))) ++number;
  const shrink_outcome small = shrink(generate(options, number), fails, 1000);
  EXPECT_TRUE(small.complete);
  ASSERT_EQ(small.shortest.operations.size(), 1U);
  EXPECT_EQ(small.shortest.clients.size(), 1U);
  const auto& left = std::get<publish_operation>(small.shortest.operations.front().what);
  EXPECT_EQ(left.qos, mqtt::qos::at_least_once);
  EXPECT_EQ(left.topic, 0);
  EXPECT_EQ(left.expiry_s, 0U);
  const shrink_outcome stopped = shrink(generate(options, number), fails, 1);
  EXPECT_FALSE(stopped.complete);
  EXPECT_EQ(stopped.runs, 1U);
}

}  // namespace
}  // namespace gauntlet::fuzz::model
