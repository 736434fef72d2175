// What two executions of an input show counts, once; what only one of them shows, again and again,
// is noise, and neither guides nor calls for another execution.

#include "fuzz/features/answer_table.hpp"

#include <array>

#include <gtest/gtest.h>

namespace gauntlet::fuzz {
namespace {

TEST(AnswerTable, CountsWhatShowsTwice) {
  answer_table table;
  EXPECT_TRUE(table.has_new({1, 2}));
  EXPECT_TRUE(table.confirm({1, 2}, {1, 3}));
  EXPECT_FALSE(table.has_new({1}));
  EXPECT_TRUE(table.has_new({2}));
  EXPECT_FALSE(table.confirm({1, 2}, {1}));
  EXPECT_EQ(table.behaviours(), 1U);
}

TEST(AnswerTable, GuidesByWhatIsKnownAlone) {
  answer_table table;
  table.confirm({1, 2}, {1});
  std::array<std::uint8_t, feature_places> counters{};
  table.guide({1, 2}, counters);
  EXPECT_EQ(counters[1], 1);
  EXPECT_EQ(counters[2], 0);
}

TEST(AnswerTable, TakesWhatComesAndGoesForNoise) {
  answer_table table;
  table.confirm({1, 2}, {1, 2});
  EXPECT_FALSE(table.is_same({1, 2}, {1}));
  for (int i = 0; i < 4; ++i) table.confirm({1, 2, 3}, {1});
  EXPECT_TRUE(table.is_same({1, 2}, {1}));
  EXPECT_FALSE(table.has_new({1, 2, 3}));
  EXPECT_FALSE(table.confirm({3}, {3}));
  EXPECT_EQ(table.behaviours(), 1U);
  std::array<std::uint8_t, feature_places> counters{};
  table.guide({1, 2}, counters);
  EXPECT_EQ(counters[2], 0);
}

TEST(AnswerTable, ForgivesWhatMostlyAgrees) {
  answer_table table;
  for (int i = 0; i < 100; ++i) table.confirm({1}, {1});
  for (int i = 0; i < 5; ++i) table.confirm({1}, {});
  EXPECT_FALSE(table.is_same({1}, {}));
  EXPECT_EQ(table.behaviours(), 1U);
}

}  // namespace
}  // namespace gauntlet::fuzz
