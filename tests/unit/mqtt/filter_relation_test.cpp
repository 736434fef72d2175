// Goal: what is said of two filters agrees with what they match, tried over many small ones.

#include "harness/mqtt/filter_relation.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "harness/mqtt/topic.hpp"

namespace gauntlet::mqtt {
namespace {

// All topics of up to `depth` levels from these words.
std::vector<std::string> topics_of(const std::vector<std::string>& words, int depth) {
  std::vector<std::string> all = words;
  std::vector<std::string> longest = words;
  for (int i = 1; i < depth; ++i) {
    std::vector<std::string> longer;
    for (const std::string& head : longest) {
      for (const std::string& word : words) longer.push_back(head + "/" + word);
    }
    all.insert(all.end(), longer.begin(), longer.end());
    longest = std::move(longer);
  }
  return all;
}

std::vector<std::string> small_filters() {
  std::vector<std::string> valid;
  for (std::string& filter : topics_of({"a", "$", "", "+", "#"}, 3)) {
    if (validate_topic_filter(filter, protocol_version::v5).has_value()) {
      valid.push_back(std::move(filter));
    }
  }
  return valid;
}

TEST(FilterRelation, OverlapIsToMatchACommonName) {
  const auto filters = small_filters();
  std::vector<std::string> names;
  for (std::string& name : topics_of({"a", "$", "", "b"}, 4)) {
    if (validate_topic_name(name).has_value()) names.push_back(std::move(name));
  }
  for (const std::string& a : filters) {
    for (const std::string& b : filters) {
      bool common = false;
      for (const std::string& name : names) {
        common = common || (matches(a, name) && matches(b, name));
      }
      EXPECT_EQ(overlap(a, b), common) << a << " and " << b;
    }
  }
}

TEST(FilterRelation, WhatCoversMatchesEveryName) {
  const auto filters = small_filters();
  std::vector<std::string> names;
  for (std::string& name : topics_of({"a", "$", "", "b"}, 4)) {
    if (validate_topic_name(name).has_value()) names.push_back(std::move(name));
  }
  for (const std::string& wide : filters) {
    for (const std::string& narrow : filters) {
      if (!covers(wide, narrow)) continue;
      for (const std::string& name : names) {
        EXPECT_TRUE(!matches(narrow, name) || matches(wide, name))
            << wide << " for " << narrow << " and " << name;
      }
    }
  }
}

TEST(FilterRelation, WhatPeopleWriteIsCovered) {
  for (const auto& [wide, narrow] :
       std::vector<std::pair<const char*, const char*>>{{"#", "#"},
                                                        {"#", "a/+/b"},
                                                        {"a/#", "a"},
                                                        {"a/#", "a/#"},
                                                        {"a/#", "a/b/c"},
                                                        {"a/+/c", "a/b/c"},
                                                        {"a/+/#", "a/b/#"},
                                                        {"$SYS/#", "$SYS/broker/+"},
                                                        {"a/b", "a/b"}}) {
    EXPECT_TRUE(covers(wide, narrow)) << wide << " for " << narrow;
  }
  for (const auto& [wide, narrow] :
       std::vector<std::pair<const char*, const char*>>{{"a/b", "a/+"},
                                                        {"a/+", "a/#"},
                                                        {"a/+/#", "a/#"},
                                                        {"#", "$SYS/#"},
                                                        {"a/b", "a/b/c"},
                                                        {"a/b/c", "a/b"}}) {
    EXPECT_FALSE(covers(wide, narrow)) << wide << " for " << narrow;
  }
}

}  // namespace
}  // namespace gauntlet::mqtt
