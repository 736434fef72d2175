// Goal: the first sentence of a report says what happened, and the last how to see it again.

#include "reports/summary.hpp"

#include <gtest/gtest.h>

#include "tests/golden/sample_run.hpp"

namespace gauntlet::reports {
namespace {

using record::ending;
using record::verdict;

summary of(std::initializer_list<verdict> verdicts, ending how = ending::complete) {
  record::run_result run;
  run.ending = how;
  run.ending_sentence = "The broker was killed.";
  for (const auto each : verdicts) run.expectations.push_back({.verdict = each});
  conclude(run);
  return summarize(run);
}

TEST(Summary, SaysWhyInOneSentence) {
  EXPECT_EQ(of({verdict::pass}).why, "The one expectation was met.");
  EXPECT_EQ(of({verdict::pass, verdict::pass}).why, "All 2 expectations were met.");
  EXPECT_EQ(of({verdict::pass, verdict::warn}).why,
            "All were met; 1 of 2 expectations with a warning.");
  EXPECT_EQ(of({verdict::fail}).why, "1 of 1 expectation was not met.");
  EXPECT_EQ(of({verdict::fail, verdict::fail, verdict::inconclusive}).why,
            "2 of 3 expectations were not met, 1 could not be decided.");
  EXPECT_EQ(of({}).word, "Not judged");
}

TEST(Summary, ACutRunIsNeverCalledPassed) {
  const auto cut = of({verdict::pass}, ending::target_died);
  EXPECT_EQ(cut.word, "Broke off");
  EXPECT_EQ(cut.tone, verdict::inconclusive);
  EXPECT_EQ(cut.why, "The broker was killed. Until then: The one expectation was met.");
  EXPECT_EQ(of({verdict::pass}, ending::interrupted).word, "Interrupted");
  EXPECT_EQ(of({}, ending::target_unreachable).why, "The broker was killed.");
}

TEST(ReproduceCommand, IsQuotedAndNamesTheSeedOnce) {
  record::run_result run;
  run.scenario.seed = 7;
  run.command_line = {"gauntlet", "run", "my file.yaml", "it's", ""};
  EXPECT_EQ(reproduce_command(run), "gauntlet run 'my file.yaml' 'it'\\''s' '' --seed 7");
  run.command_line = {"gauntlet", "run", "a.yaml", "--seed=7"};
  EXPECT_EQ(reproduce_command(run), "gauntlet run a.yaml --seed=7");
}

}  // namespace
}  // namespace gauntlet::reports
