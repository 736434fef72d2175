// Goal: the shell is told the truth: only a complete run whose expectations were all met exits with
// 0.

#include "harness/record/run_result.hpp"

#include <gtest/gtest.h>

namespace gauntlet::record {
namespace {

run_result ended(ending how, std::initializer_list<verdict> verdicts) {
  run_result run;
  run.ending = how;
  for (const auto each : verdicts) run.expectations.push_back({.verdict = each});
  conclude(run);
  return run;
}

TEST(Conclude, CompleteAndMetIsTheOnlyPass) {
  const auto run = ended(ending::complete, {verdict::pass, verdict::skipped, verdict::warn});
  EXPECT_EQ(run.verdict, verdict::warn);
  EXPECT_EQ(run.exit_code, exit_code::ok);
}

TEST(Conclude, NotMetOrUndecidedExitsWithOne) {
  for (const auto bad : {verdict::fail, verdict::inconclusive}) {
    const auto run = ended(ending::complete, {verdict::pass, bad});
    EXPECT_EQ(run.verdict, bad);
    EXPECT_EQ(run.exit_code, exit_code::expectation_failed);
  }
}

TEST(Conclude, ACutRunNeverPasses) {
  for (const auto how : {ending::unfinished, ending::interrupted, ending::target_died,
                         ending::worker_died, ending::internal_error}) {
    const auto run = ended(how, {verdict::pass});
    EXPECT_EQ(run.verdict, verdict::inconclusive) << name(how);
    EXPECT_NE(run.exit_code, exit_code::ok) << name(how);
  }
}

TEST(Conclude, ADeadTargetExitsWithThreeEvenIfSomethingFailed) {
  const auto run = ended(ending::target_died, {verdict::fail});
  EXPECT_EQ(run.verdict, verdict::fail);
  EXPECT_EQ(run.exit_code, exit_code::environment_failed);
}

TEST(Ending, NamesReadBack) {
  for (int i = 0; i < 8; ++i) {
    const auto each = static_cast<ending>(i);
    EXPECT_EQ(ending_of(name(each)), each);
  }
  EXPECT_EQ(ending_of("finished"), std::nullopt);
}

}  // namespace
}  // namespace gauntlet::record
