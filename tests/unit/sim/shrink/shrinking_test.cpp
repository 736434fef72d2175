// Shrinking finds the smallest tree that a given failure needs, and says when it gave up before.

#include "sim/shrink/shrinking.hpp"

#include <algorithm>
#include <set>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/config/yaml_text.hpp"

namespace gauntlet::sim {
namespace {

config::node parsed(std::string_view text) {
  config::diagnostics wrong("test.yaml");
  config::node root = config::parse_yaml(text, wrong);
  EXPECT_TRUE(wrong.empty()) << text;
  return root;
}

constexpr const char* whole = R"(
name: big
description: much of it is of no use
duration: 1h
arrival: all_at_once
fleet:
  - {group: sensors, count: 500, keep_alive: 10s, publish: [{topic: a}, {topic: b}, {topic: c}]}
  - {group: bystanders, count: 3}
  - {group: readers, count: 20, subscribe: [{filter: a}]}
faults:
  - {name: one, at: 5s, drop: {}}
  - {name: two, at: 6s, for: 40s, cut: {}}
  - {name: three, at: 7s, drop: {}}
expect:
  - {lost: 0}
  - {duplicated: 0}
)";

const config::node* named(const config::node& root, const char* list, const char* key,
                          std::string_view value) {
  const config::node* found = root.find(list);
  if (found == nullptr) return nullptr;
  for (const config::node& each : found->items) {
    const config::node* name = each.find(key);
    if (name != nullptr && name->scalar == value) return &each;
  }
  return nullptr;
}

// Fails when two sensors, a reader and the cut are there and somebody expects that nothing is lost.
trial_result run_of(const config::node& tree) {
  const config::node* sensors = named(tree, "fleet", "group", "sensors");
  const config::node* readers = named(tree, "fleet", "group", "readers");
  const config::node* expect = tree.find("expect");
  if (expect == nullptr || tree.find("fleet") == nullptr) return trial_result::no_sense;
  const bool expected = std::any_of(expect->items.begin(), expect->items.end(),
                                    [](const auto& each) { return each.find("lost") != nullptr; });
  const bool fails = sensors != nullptr && std::stoi(sensors->find("count")->scalar) >= 2 &&
                     readers != nullptr && named(tree, "faults", "name", "two") != nullptr &&
                     expected;
  return fails ? trial_result::fails : trial_result::passes;
}

TEST(Shrinking, LeavesOnlyWhatTheFailureNeeds) {
  std::vector<std::string> steps;
  const auto found = shrink_scenario(
      parsed(whole), [](const config::node& tree) { return run_of(tree); }, 1'000,
      [&](const std::string& step, std::size_t) { steps.push_back(step); });
  ASSERT_TRUE(found);
  EXPECT_TRUE(found->complete);
  EXPECT_EQ(config::to_yaml(found->smallest),
            "name: big\n"
            "duration: 100ms\n"
            "fleet:\n"
            "  - group: sensors\n"
            "    count: 2\n"
            "  - group: readers\n"
            "    count: 1\n"
            "faults:\n"
            "  - name: two\n"
            "expect:\n"
            "  - lost: 0\n");
  EXPECT_EQ(found->steps, steps);
  EXPECT_THAT(steps, testing::Contains("without faults[1]"));
  EXPECT_THAT(steps, testing::Contains("fleet[0].count: 2 instead of 500"));
  EXPECT_LT(found->trials, 100U);
}

TEST(Shrinking, NeverTriesTheSameTwice) {
  std::set<std::string> seen;
  const auto found = shrink_scenario(
      parsed(whole),
      [&](const config::node& tree) {
        EXPECT_TRUE(seen.insert(config::to_yaml(tree)).second);
        return run_of(tree);
      },
      1'000);
  ASSERT_TRUE(found);
  EXPECT_GT(seen.size(), 20U);
}

TEST(Shrinking, SaysThatMoreMightGoWhenTrialsAreOver) {
  const auto found = shrink_scenario(
      parsed(whole), [](const config::node& tree) { return run_of(tree); }, 3);
  ASSERT_TRUE(found);
  EXPECT_FALSE(found->complete);
  EXPECT_EQ(found->trials, 3U);
  EXPECT_EQ(run_of(found->smallest), trial_result::fails);
}

TEST(Shrinking, KeepsWhatItHasWhenStopped) {
  std::size_t runs = 0;
  const auto found = shrink_scenario(
      parsed(whole),
      [&](const config::node& tree) {
        return ++runs > 10 ? trial_result::stop_here : run_of(tree);
      },
      1'000);
  ASSERT_TRUE(found);
  EXPECT_FALSE(found->complete);
  EXPECT_EQ(run_of(found->smallest), trial_result::fails);
}

TEST(Shrinking, EndsWithAFailureOfTheRunner) {
  const auto found = shrink_scenario(
      parsed(whole),
      [](const config::node&) -> outcome<trial_result> {
        return environment_failed("no broker answers");
      },
      1'000);
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().message, "no broker answers");
}

}  // namespace
}  // namespace gauntlet::sim
