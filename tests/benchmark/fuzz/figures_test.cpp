// Goal: the tables of the benchmark say what campaigns came to, and nothing that they did not.

#include "tests/benchmark/fuzz/figures.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gauntlet::benchmark {
namespace {

using record::finding_kind;
using testing::HasSubstr;

TEST(FuzzFigures, PutsWhatWasNotFoundAboveAllElse) {
  EXPECT_EQ(median_of({3, 1, 2}), 2);
  EXPECT_EQ(median_of({4, 1}), 2.5);
  EXPECT_EQ(median_of({std::nullopt, 7, std::nullopt, 5, 6}), 7);
  EXPECT_EQ(median_of({std::nullopt, 7}), std::nullopt);
  EXPECT_EQ(median_of({}), std::nullopt);
}

TEST(FuzzFigures, TakesTheFindingThatTheDefectMayBe) {
  record::fuzz_result seen{.seconds = 15, .executions = 900};
  EXPECT_FALSE(trial_of("leak-at-will-delay", "blind", seen).is_found);
  EXPECT_EQ(trial_of("leak-at-will-delay", "blind", seen).inputs, 900U);

  seen.findings = {{.kind = finding_kind::protocol, .first_execution = 3},
                   {.kind = finding_kind::leak, .first_execution = 4, .flaky = true},
                   {.kind = finding_kind::leak, .first_second = 2, .first_execution = 50}};
  const trial found = trial_of("leak-at-will-delay", "blind", seen);
  EXPECT_TRUE(found.is_found);
  EXPECT_FALSE(found.is_misled);
  EXPECT_EQ(found.inputs, 50U);
  EXPECT_EQ(found.seconds, 2);

  const trial other = trial_of("crash-at-alias-with-will", "blind", seen);
  EXPECT_FALSE(other.is_found);
  EXPECT_TRUE(other.is_misled);
}

TEST(FuzzFigures, ShowsMedianRangeAndCost) {
  const std::vector<trial> all = {
      {.defect = "a", .mode = "blind", .is_found = true, .inputs = 1000, .seconds = 1},
      {.defect = "a", .mode = "blind", .is_found = true, .inputs = 2000, .seconds = 2},
      {.defect = "a", .mode = "blind", .is_found = false, .inputs = 6000, .seconds = 15},
      {.defect = "a", .mode = "mixed", .is_found = false, .inputs = 10, .seconds = 15}};
  const std::string text = to_markdown(all);
  EXPECT_THAT(text, HasSubstr("| `a` | blind | 2 of 3 | 2,000 (1,000 to –) | 4,500 | 2.0 (1.0 to "
                              "–) |\n"));
  EXPECT_THAT(text, HasSubstr("| `a` | mixed | 0 of 1 | – | – | – |\n"));
  EXPECT_THAT(text, HasSubstr("| blind | 2 of 3 | 0 | 4,500 | 9.0 | 500 |\n"));
}

TEST(FuzzFigures, ReplaceWhatStandsBetweenTheMarks) {
  const std::string page = "before\n<!-- t begins -->\nold\n<!-- t ends -->\nafter\n";
  const auto changed = replace_between_marks(page, "t", "new\n");
  ASSERT_TRUE(changed);
  EXPECT_EQ(*changed, "before\n<!-- t begins -->\n\nnew\n\n<!-- t ends -->\nafter\n");
  const auto again = replace_between_marks(*changed, "t", "new\n");
  ASSERT_TRUE(again);
  EXPECT_EQ(*again, *changed);
  EXPECT_FALSE(replace_between_marks(page, "other", "new\n"));
}

}  // namespace
}  // namespace gauntlet::benchmark
