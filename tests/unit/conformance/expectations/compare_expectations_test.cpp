// Goal: a run that equals its expectations has no difference; each way of differing has its own
// name; updating keeps what people wrote.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "conformance/expectations/expectations.hpp"
#include "tests/golden/sample_conformance.hpp"

namespace gauntlet::conformance {
namespace {

using record::expectation_change;
using record::test_verdict;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

record::test_record test_of(std::string id, test_verdict verdict, const std::string& how = "") {
  record::test_record made{.id = std::move(id), .version = "5.0", .verdict = verdict};
  if (verdict == test_verdict::skipped) {
    made.reason = how;
  } else if (verdict != test_verdict::pass) {
    made.divergence = record::divergence_record{.signature = how};
  }
  return made;
}

record::conformance_result run_of(std::vector<record::test_record> tests) {
  record::conformance_result result;
  result.ending = record::ending::complete;
  result.target.product = "mosquitto 2.0.11";
  result.options.protocols = {"3.1.1", "5.0"};
  result.tests = std::move(tests);
  return result;
}

expectation entry(std::string test, test_verdict verdict, std::string signature) {
  return {.test = std::move(test),
          .version = "5.0",
          .verdict = verdict,
          .signature = std::move(signature),
          .reason = "by hand",
          .issue = "https://example.org/1",
          .date = "2026-01-02"};
}

std::vector<expectation_change> changes_of(const expectations& expected,
                                           const record::conformance_result& run) {
  std::vector<expectation_change> changes;
  for (const auto& each : compare(expected, run, "m.yaml").differences) {
    changes.push_back(each.change);
  }
  return changes;
}

TEST(CompareExpectations, ARunThatEqualsThemHasNoDifference) {
  const expectations expected{.entries = {entry("F-1/f", test_verdict::fail, "a"),
                                          entry("S-1/s", test_verdict::skipped, "no shared")}};
  const auto made = compare(
      expected,
      run_of({test_of("P-1/p", test_verdict::pass), test_of("F-1/f", test_verdict::fail, "a"),
              test_of("S-1/s", test_verdict::skipped, "no shared")}),
      "m.yaml");
  EXPECT_THAT(made.differences, IsEmpty());
  EXPECT_EQ(made.entries, 2U);
  EXPECT_EQ(made.met, 2U);
  EXPECT_EQ(made.file, "m.yaml");
}

TEST(CompareExpectations, VariantsAndUnexercisedInvariantsNeedNoEntry) {
  auto invariant = test_of("invariant/i", test_verdict::skipped, "no packet");
  invariant.kind = record::test_kind::invariant;
  const auto run = run_of({test_of("V-1/v", test_verdict::variant, "overlooked"), invariant,
                           test_of("S-1/s", test_verdict::skipped, "no shared")});
  const auto made = compare({}, run, "m.yaml");
  ASSERT_THAT(made.differences, SizeIs(1));
  EXPECT_EQ(made.differences[0].test, "S-1/s");
  const auto fresh = updated({}, run, "2026-03-14");
  ASSERT_TRUE(fresh);
  EXPECT_THAT(fresh->entries, SizeIs(1));
}

TEST(CompareExpectations, EachWayOfDifferingHasItsName) {
  const expectations expected{.entries = {entry("A-1/a", test_verdict::fail, "a"),
                                          entry("B-1/b", test_verdict::fail, "b"),
                                          entry("C-1/c", test_verdict::fail, "c"),
                                          entry("D-1/d", test_verdict::fail, "d")}};
  const auto run = run_of(
      {test_of("A-1/a", test_verdict::pass), test_of("B-1/b", test_verdict::fail, "other"),
       test_of("C-1/c", test_verdict::blocked, "c"), test_of("N-1/n", test_verdict::fail, "n")});
  EXPECT_THAT(
      changes_of(expected, run),
      ElementsAre(expectation_change::unexpected_pass, expectation_change::changed_signature,
                  expectation_change::changed_verdict, expectation_change::new_failure,
                  expectation_change::missing_test));
}

TEST(CompareExpectations, ADifferenceTellsBothSidesAndTheKeptReason) {
  const expectations expected{.entries = {entry("A-1/a", test_verdict::fail, "a")}};
  const auto made = compare(expected, run_of({test_of("A-1/a", test_verdict::fail, "b")}), "m");
  ASSERT_THAT(made.differences, SizeIs(1));
  EXPECT_EQ(made.differences[0].expected, "fail: a");
  EXPECT_EQ(made.differences[0].observed, "fail: b");
  EXPECT_EQ(made.differences[0].reason, "by hand");
  EXPECT_EQ(made.differences[0].issue, "https://example.org/1");
}

TEST(CompareExpectations, TheOtherVersionIsAnotherTest) {
  auto expected = expectations{.entries = {entry("A-1/a", test_verdict::fail, "a")}};
  expected.entries[0].version = "3.1.1";
  EXPECT_THAT(changes_of(expected, run_of({test_of("A-1/a", test_verdict::fail, "a")})),
              ElementsAre(expectation_change::new_failure, expectation_change::missing_test));
}

TEST(CompareExpectations, AnUnstableTestMayPassOrFailInItsWay) {
  const expectations expected{.entries = {entry("A-1/a", test_verdict::unstable, "a")}};
  for (const auto allowed : {test_verdict::pass, test_verdict::fail, test_verdict::unstable}) {
    EXPECT_THAT(changes_of(expected, run_of({test_of("A-1/a", allowed, "a")})), IsEmpty());
  }
  EXPECT_THAT(changes_of(expected, run_of({test_of("A-1/a", test_verdict::fail, "b")})),
              ElementsAre(expectation_change::changed_verdict));
}

TEST(CompareExpectations, AnInconclusiveTestMayPass) {
  const expectations expected{.entries = {entry("A-1/a", test_verdict::inconclusive, "a")}};
  for (const auto allowed : {test_verdict::pass, test_verdict::inconclusive}) {
    EXPECT_THAT(changes_of(expected, run_of({test_of("A-1/a", allowed, "a")})), IsEmpty());
  }
  EXPECT_THAT(changes_of(expected, run_of({test_of("A-1/a", test_verdict::fail, "a")})),
              ElementsAre(expectation_change::changed_verdict));
}

TEST(CompareExpectations, WhatWasNotAskedForIsNotMissed) {
  const expectations expected{.entries = {entry("A-1/a", test_verdict::fail, "a")}};
  auto selected = run_of({});
  selected.options.only = {"MQTT-3.1.2-*"};
  EXPECT_THAT(changes_of(expected, selected), IsEmpty());
  auto fast = run_of({});
  fast.options.fast = true;
  EXPECT_THAT(changes_of(expected, fast), IsEmpty());
  auto other_version = run_of({});
  other_version.options.protocols = {"3.1.1"};
  EXPECT_THAT(changes_of(expected, other_version), IsEmpty());
  EXPECT_THAT(changes_of(expected, run_of({})), SizeIs(1));
}

TEST(CompareExpectations, DecideTheExitCode) {
  auto run = golden::mixed_conformance();
  const auto written = updated({}, run, "2026-03-14");
  ASSERT_TRUE(written);
  run.expectations = compare(*written, run, "m.yaml");
  conclude(run);
  EXPECT_EQ(run.exit_code, exit_code::ok);
  run.tests.front().verdict = test_verdict::fail;
  run.expectations = compare(*written, run, "m.yaml");
  conclude(run);
  EXPECT_EQ(run.exit_code, exit_code::expectation_failed);
}

TEST(UpdatedExpectations, KeepWhatPeopleWroteOfUnchangedEntries) {
  const expectations before{.entries = {entry("A-1/a", test_verdict::fail, "a"),
                                        entry("B-1/b", test_verdict::fail, "b"),
                                        entry("C-1/c", test_verdict::fail, "c"),
                                        entry("D-1/d", test_verdict::fail, "d")}};
  const auto run = run_of(
      {test_of("A-1/a", test_verdict::fail, "a"), test_of("B-1/b", test_verdict::fail, "other"),
       test_of("C-1/c", test_verdict::pass), test_of("N-1/n", test_verdict::blocked, "n")});
  const auto after = updated(before, run, "2026-03-14");
  ASSERT_TRUE(after);
  EXPECT_EQ(after->broker, "mosquitto 2.0.11");
  EXPECT_THAT(
      after->entries,
      ElementsAre(before.entries[0],
                  expectation{"B-1/b", "5.0", test_verdict::fail, "other", "", "", "2026-03-14"},
                  expectation{"N-1/n", "5.0", test_verdict::blocked, "n", "", "", "2026-03-14"}));
  EXPECT_THAT(compare(*after, run, "m.yaml").differences, IsEmpty());
}

TEST(UpdatedExpectations, KeepEntriesOfTestsThatWereNotAskedFor) {
  const expectations before{.entries = {entry("A-1/a", test_verdict::fail, "a")}};
  auto run = run_of({});
  run.options.skip = {"A-1/*"};
  EXPECT_THAT(updated(before, run, "2026-03-14")->entries, SizeIs(1));
}

TEST(UpdatedExpectations, AreNotWrittenFromARunThatWasCut) {
  auto run = run_of({});
  run.ending = record::ending::target_died;
  run.ending_sentence = "The broker died.";
  const auto after = updated({}, run, "2026-03-14");
  ASSERT_FALSE(after);
  EXPECT_EQ(after.error().code, exit_code::environment_failed);
}

}  // namespace
}  // namespace gauntlet::conformance
