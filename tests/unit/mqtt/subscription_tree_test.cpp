// Goal: the tree answers what asking matches() for every filter would answer, whatever was added
// and removed before, and allocates nothing while it does.

#include "harness/mqtt/subscription_tree.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "harness/base/seeded_stream.hpp"
#include "harness/mqtt/topic.hpp"
#include "tests/unit/mqtt/allocation_count.hpp"

namespace gauntlet::mqtt {
namespace {

std::vector<int> matching(const subscription_tree<int>& tree, std::string_view name) {
  std::vector<int> values;
  tree.match(name, [&values](int value) { values.push_back(value); });
  std::sort(values.begin(), values.end());
  return values;
}

std::vector<int> matching_by_trial(const std::map<std::string, int>& filters,
                                   std::string_view name) {
  std::vector<int> values;
  for (const auto& [filter, value] : filters) {
    if (matches(filter, name)) values.push_back(value);
  }
  std::sort(values.begin(), values.end());
  return values;
}

TEST(SubscriptionTree, AddsReplacesAndRemovesByFilter) {
  subscription_tree<int> tree;
  EXPECT_TRUE(tree.add("a/+", 1));
  EXPECT_FALSE(tree.add("a/+", 2));
  EXPECT_EQ(*tree.find("a/+"), 1);
  EXPECT_TRUE(tree.replace("a/+", 3));
  EXPECT_FALSE(tree.replace("a/#", 4));
  EXPECT_EQ(tree.find_or_add("a/#"), 4);
  EXPECT_EQ(tree.find_or_add("a"), 0);
  EXPECT_EQ(tree.size(), 3u);
  EXPECT_EQ(tree.find("a/b"), nullptr);
  EXPECT_FALSE(tree.remove("a/b"));
  EXPECT_TRUE(tree.remove("a/+"));
  EXPECT_FALSE(tree.remove("a/+"));
  EXPECT_EQ(matching(tree, "a/b"), std::vector{4});
  tree.clear();
  EXPECT_TRUE(tree.empty());
  EXPECT_EQ(matching(tree, "a/b"), std::vector<int>{});
}

TEST(SubscriptionTree, ValuesMayBeChangedInPlace) {
  subscription_tree<int> tree;
  tree.add("a/#", 1);
  tree.add("a/b", 2);
  tree.match("a/b", [](int& value) { value *= 10; });
  EXPECT_EQ(*tree.find("a/#"), 10);
  EXPECT_EQ(*tree.find("a/b"), 20);
}

TEST(SubscriptionTree, VisitsEachFilterOnceAsItWasGiven) {
  const std::set<std::string> filters = {"#",
                                         "+",
                                         "/",
                                         "/#",
                                         "a",
                                         "a/",
                                         "a/#",
                                         "+/+/+/#",
                                         "a//b/+/",
                                         "$SYS/#",
                                         "a level that is longer than what a node holds/+"};
  subscription_tree<int> tree;
  for (const auto& filter : filters) tree.add(filter, 0);
  std::set<std::string> visited;
  tree.visit([&visited](std::string_view filter, int) { visited.emplace(filter); });
  EXPECT_EQ(visited, filters);
  EXPECT_EQ(tree.size(), filters.size());
}

TEST(SubscriptionTree, TakesAsManyLevelsAsFit) {
  const std::string deep(topic_size_bytes_max, '/');
  subscription_tree<int> tree;
  tree.add(deep, 1);
  std::string wild;
  while (wild.size() + 2 <= deep.size()) wild += "+/";
  tree.add(wild + '#', 2);
  EXPECT_EQ(matching(tree, deep), (std::vector{1, 2}));
  EXPECT_EQ(matching(tree, deep.substr(1)), std::vector{2});
  EXPECT_TRUE(tree.remove(deep));
  EXPECT_TRUE(tree.remove(wild + '#'));
  EXPECT_EQ(matching(tree, deep), std::vector<int>{});
}

TEST(SubscriptionTree, MatchesWithoutAllocation) {
  subscription_tree<int> tree;
  tree.add("+/+/a level that is longer than what a node holds/#", 1);
  tree.add("site/+/a level that is longer than what a node holds/x", 2);
  const std::string name = "site/a/a level that is longer than what a node holds/x";
  int sum = 0;
  if (!counts_allocations()) GTEST_SKIP() << "a sanitizer brings operator new itself";
  const auto before = allocation_count();
  tree.match(name, [&sum](int value) { sum += value; });
  EXPECT_EQ(allocation_count(), before);
  EXPECT_EQ(sum, 3);
}

TEST(SubscriptionTree, GivesMemoryOfLongLevelsBack) {
  subscription_tree<int> tree;
  const auto long_filter = [](int i) { return std::string(200, 'x') + std::to_string(i) + "/#"; };
  tree.add(long_filter(-1), -1);
  for (int i = 0; i < 10'000; ++i) {
    tree.add(long_filter(i), i);
    ASSERT_TRUE(tree.remove(long_filter(i)));
  }
  EXPECT_LT(tree.memory_bytes(), 20'000u);
  EXPECT_EQ(matching(tree, long_filter(-1).substr(0, 202)), std::vector{-1});
}

/// Draws topics and filters from few levels, so that they often meet.
class drawn_topics {
 public:
  explicit drawn_topics(std::uint64_t seed) : draws_(stream_key(seed)) {}

  std::size_t below(std::size_t bound) { return draws_.below(bound); }

  std::string name() {
    static const std::vector<std::string> levels = {
        "", "a", "b", "ab", "$SYS", "$", "a rather long name for a level", "12345678"};
    std::string text = levels[below(levels.size())];
    for (std::size_t more = below(5); more > 0; --more) text += '/' + levels[below(levels.size())];
    return text.empty() ? "/" : text;
  }

  std::string filter() {
    std::string text = name();
    std::string drawn;
    for (std::size_t start = 0; start <= text.size();) {
      const std::size_t end = std::min(text.find('/', start), text.size());
      if (start > 0) drawn += '/';
      const std::size_t kind = below(8);
      if (kind == 0) return drawn + '#';
      drawn += kind < 3 ? "+" : text.substr(start, end - start);
      start = end + 1;
    }
    return drawn.empty() ? "/" : drawn;
  }

 private:
  seeded_stream draws_;
};

TEST(SubscriptionTree, AgreesWithMatchesOnDrawnFilters) {
  for (std::uint32_t seed = 1; seed <= 20; ++seed) {
    drawn_topics draw(seed);
    subscription_tree<int> tree;
    std::map<std::string, int> filters;
    for (int turn = 0; turn < 2'000; ++turn) {
      const std::string filter = draw.filter();
      ASSERT_TRUE(validate_topic_filter(filter, protocol_version::v3_1_1)) << filter;
      // Phases of growing and of shrinking, so that nodes, slots and buckets are reused.
      const bool growing = turn / 200 % 2 == 0;
      if (draw.below(10) < (growing ? 8u : 2u)) {
        ASSERT_EQ(tree.replace(filter, turn), !filters.insert_or_assign(filter, turn).second);
      } else if (!filters.empty()) {
        auto victim = filters.lower_bound(filter);
        if (victim == filters.end()) victim = filters.begin();
        ASSERT_TRUE(tree.remove(victim->first));
        filters.erase(victim);
      }
      ASSERT_EQ(tree.size(), filters.size());
      const std::string name = draw.name();
      ASSERT_EQ(matching(tree, name), matching_by_trial(filters, name))
          << name << " with seed " << seed << " in turn " << turn;
    }
    std::map<std::string, int> visited;
    tree.visit([&visited](std::string_view filter, int value) { visited.emplace(filter, value); });
    EXPECT_EQ(visited, filters);
  }
}

}  // namespace
}  // namespace gauntlet::mqtt
