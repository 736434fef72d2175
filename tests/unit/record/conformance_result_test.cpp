// Goal: what complete() derives from tests: verdicts of statements, totals, groups, the verdict and
// the exit code of the run.

#include "harness/record/conformance_result.hpp"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/golden/sample_conformance.hpp"

namespace gauntlet::record {
namespace {

using testing::ElementsAre;
using testing::SizeIs;

test_record test_of(test_verdict verdict, requirement_level level = requirement_level::must) {
  return {.id = "S-1/" + std::string(name(verdict)),
          .version = "5.0",
          .level = level,
          .verdict = verdict,
          .reason = "why",
          .statements = {{"5.0", "S-1"}}};
}

conformance_result result_of(std::vector<test_record> tests) {
  conformance_result result;
  result.ending = ending::complete;
  result.statements = {{.version = "5.0", .id = "S-1"}, {.version = "3.1.1", .id = "S-1"}};
  result.tests = std::move(tests);
  complete(result);
  return result;
}

TEST(ConformanceResult, AStatementIsAsGoodAsTheWorstOfItsTests) {
  const auto result = result_of({test_of(test_verdict::pass), test_of(test_verdict::blocked)});
  EXPECT_EQ(result.statements[0].verdict, test_verdict::blocked);
  EXPECT_EQ(result.statements[0].tests, 2U);
  EXPECT_EQ(result.statements[0].passed, 1U);
}

TEST(ConformanceResult, TheSameIdInTheOtherVersionIsAnotherStatement) {
  const auto result = result_of({test_of(test_verdict::pass)});
  EXPECT_EQ(result.statements[1].verdict, test_verdict::not_run);
}

TEST(ConformanceResult, AFailedShouldDoesNotBreakAMust) {
  const auto result = result_of(
      {test_of(test_verdict::pass), test_of(test_verdict::fail, requirement_level::should)});
  EXPECT_EQ(result.statements[0].verdict, test_verdict::variant);
}

TEST(ConformanceResult, ASkippedTestNeitherHelpsNorHarms) {
  EXPECT_EQ(result_of({test_of(test_verdict::skipped)}).statements[0].verdict,
            test_verdict::skipped);
  EXPECT_EQ(result_of({test_of(test_verdict::skipped), test_of(test_verdict::pass)})
                .statements[0]
                .verdict,
            test_verdict::pass);
}

TEST(ConformanceResult, TotalsCountOnlyStatementsThatWereReached) {
  const auto result = golden::mixed_conformance();
  ASSERT_THAT(result.totals, SizeIs(2));
  const auto& v5 = result.totals[1];
  EXPECT_EQ(v5.version, "5.0");
  EXPECT_EQ(v5.numbered, 9U);
  EXPECT_EQ(v5.numbered_testable, 8U);
  EXPECT_EQ(v5.numbered_tested, 7U) << "one was blocked";
  EXPECT_EQ(v5.numbered_kept, 5U);
  EXPECT_EQ(v5.numbered_broken, 2U);
  EXPECT_EQ(v5.other_testable, 2U);
  EXPECT_EQ(v5.other_broken, 1U);
}

TEST(ConformanceResult, EqualCausesAreOneGroupAndTheWorstComesFirst) {
  auto first = test_of(test_verdict::fail);
  first.divergence = divergence_record{"a", "PUBACK", "nothing for 5s", "a: PUBACK | nothing"};
  auto second = first;
  second.id = "S-1/second";
  const auto result = result_of({test_of(test_verdict::skipped), first, second});
  ASSERT_THAT(result.groups, SizeIs(2));
  EXPECT_EQ(result.groups[0].sentence, "nothing for 5s in place of PUBACK: 2 tests failed");
  EXPECT_THAT(result.groups[0].tests,
              ElementsAre(statement_ref{"5.0", "S-1/fail"}, statement_ref{"5.0", "S-1/second"}));
  EXPECT_EQ(result.groups[1].sentence, "why: 1 test skipped");
}

TEST(ConformanceResult, ACauseOfOneTestIsToldByItsTitleAndClipped) {
  auto test = test_of(test_verdict::fail);
  test.title = "The will is published";
  test.divergence = divergence_record{"a", "PUBLISH", std::string(88, 'x') + "\u00b5\u00b5", "s"};
  const auto result = result_of({test});
  ASSERT_THAT(result.groups, SizeIs(1));
  EXPECT_EQ(result.groups[0].sentence,
            "The will is published: " + std::string(88, 'x') + "\u00b5\u2026 in place of PUBLISH");
}

TEST(ConformanceResult, TestsGroupedByTheRunnerAreInNoOtherGroup) {
  const auto result = golden::narrow_conformance();
  ASSERT_THAT(result.groups, SizeIs(1));
  EXPECT_EQ(result.groups[0].sentence, "no MQTT 5: 5 tests blocked");
}

struct ruling {
  std::vector<test_record> tests;
  bool strict;
  verdict overall;
  exit_code code;
};

TEST(ConformanceResult, TheWorstTestDecides) {
  const auto should = requirement_level::should;
  const ruling rulings[] = {
      {{test_of(test_verdict::pass)}, false, verdict::pass, exit_code::ok},
      {{test_of(test_verdict::fail)}, false, verdict::fail, exit_code::expectation_failed},
      {{test_of(test_verdict::unstable)}, false, verdict::fail, exit_code::expectation_failed},
      {{test_of(test_verdict::blocked)},
       false,
       verdict::inconclusive,
       exit_code::expectation_failed},
      {{test_of(test_verdict::inconclusive)},
       false,
       verdict::inconclusive,
       exit_code::expectation_failed},
      {{test_of(test_verdict::variant)}, false, verdict::warn, exit_code::ok},
      {{test_of(test_verdict::fail, should)}, false, verdict::warn, exit_code::ok},
      {{test_of(test_verdict::fail, should)}, true, verdict::fail, exit_code::expectation_failed},
      {{test_of(test_verdict::fail, requirement_level::may)}, true, verdict::warn, exit_code::ok},
  };
  for (const auto& each : rulings) {
    auto result = result_of(each.tests);
    result.options.strict = each.strict;
    conclude(result);
    EXPECT_EQ(result.verdict, each.overall) << each.tests[0].id;
    EXPECT_EQ(result.exit_code, each.code) << each.tests[0].id;
  }
}

TEST(ConformanceResult, WithExpectationsOnlyDifferencesCount) {
  auto result = result_of({test_of(test_verdict::fail)});
  result.expectations = expectation_comparison{.file = "x.yaml", .entries = 1, .met = 1};
  conclude(result);
  EXPECT_EQ(result.exit_code, exit_code::ok);
  result.expectations->differences.push_back({});
  conclude(result);
  EXPECT_EQ(result.exit_code, exit_code::expectation_failed);
}

TEST(ConformanceResult, ARunThatWasCutNeverPasses) {
  auto result = result_of({test_of(test_verdict::pass)});
  result.ending = ending::target_died;
  conclude(result);
  EXPECT_EQ(result.verdict, verdict::inconclusive);
  EXPECT_EQ(result.exit_code, exit_code::environment_failed);
}

TEST(ConformanceResult, CountsVerdictsByVersion) {
  const auto result = golden::mixed_conformance();
  EXPECT_EQ(count_verdicts(result).total(), result.tests.size());
  EXPECT_EQ(count_verdicts(result, "5.0")[test_verdict::fail], 2U);
  EXPECT_EQ(count_verdicts(result, "3.1.1")[test_verdict::pass], 5U);
}

}  // namespace
}  // namespace gauntlet::record
