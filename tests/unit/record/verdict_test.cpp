// Goal: verdicts merge to the worst, and what was not decided is never a pass.

#include "harness/record/verdict.hpp"

#include <array>

#include <gtest/gtest.h>

namespace gauntlet::record {
namespace {

constexpr std::array all{verdict::skipped, verdict::pass, verdict::warn, verdict::inconclusive,
                         verdict::fail};

TEST(Verdict, InconclusiveNeverBecomesPass) {
  for (const auto other : all) {
    EXPECT_FALSE(is_success(worst(verdict::inconclusive, other))) << name(other);
    EXPECT_FALSE(is_success(worst(other, verdict::inconclusive))) << name(other);
  }
}

TEST(Verdict, FailPrevailsOverEverything) {
  for (const auto other : all) EXPECT_EQ(worst(verdict::fail, other), verdict::fail);
}

TEST(Verdict, SkippedChangesNothing) {
  for (const auto other : all) EXPECT_EQ(worst(verdict::skipped, other), other);
}

TEST(Verdict, JudgingNothingIsNoPass) {
  EXPECT_EQ(worst(std::span<const verdict>{}), verdict::skipped);
  EXPECT_FALSE(is_success(verdict::skipped));
}

TEST(Verdict, MergesInAnyOrderAndGrouping) {
  for (const auto a : all) {
    for (const auto b : all) {
      EXPECT_EQ(worst(a, b), worst(b, a));
      for (const auto c : all) EXPECT_EQ(worst(worst(a, b), c), worst(a, worst(b, c)));
    }
  }
}

TEST(Verdict, NamesReadBack) {
  for (const auto each : all) EXPECT_EQ(verdict_of(name(each)), each);
  EXPECT_EQ(verdict_of("passed"), std::nullopt);
}

}  // namespace
}  // namespace gauntlet::record
