// Goal: the result of a suite of guarantees reads back as it was written, and its sums are those of
// its scenarios.

#include "harness/record/guarantees_result.hpp"

#include <gtest/gtest.h>

namespace gauntlet::record {
namespace {

using namespace std::chrono_literals;

guarantees_result example() {
  guarantees_result made{.tool_version = "0.1.0",
                         .command_line = {"gauntlet", "guarantees"},
                         .target = "embedded",
                         .product = "the embedded reference broker",
                         .survives = "kill",
                         .seed = 7,
                         .took = 12s};
  made.scenarios = {
      {.name = "cut/a",
       .title = "It is cut",
       .verdict = verdict::fail,
       .took = 2s,
       .faults = {{.name = "cut", .what = "cut before PUBACK", .strikes = 1}},
       .guarantees =
           {{.rule = "D10", .title = "Something comes", .verdict = verdict::pass, .asked = 1},
            {.rule = "D3",
             .title = "It comes",
             .verdict = verdict::fail,
             .asked = 4,
             .counts = {{.class_name = "lost", .count = 2}},
             .findings = {{.class_name = "lost", .sentence = "it never came"}}}}},
      {.name = "cut/b",
       .verdict = verdict::pass,
       .guarantees = {{.rule = "D3", .title = "It comes", .verdict = verdict::pass, .asked = 3},
                      {.rule = "S1", .title = "It lasts", .verdict = verdict::pass, .asked = 1}}},
      {.name = "cut/c", .verdict = verdict::skipped, .remark = "no QoS 2"}};
  return made;
}

TEST(GuaranteesResult, ReadsBackWhatWasWritten) {
  const guarantees_result written = example();
  const auto read = guarantees_result_from_json(to_json(written), "example");
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(to_json(*read), to_json(written));
  ASSERT_EQ(read->scenarios.size(), 3U);
  EXPECT_EQ(read->scenarios[0].faults, written.scenarios[0].faults);
  EXPECT_EQ(read->scenarios[0].guarantees, written.scenarios[0].guarantees);
  EXPECT_EQ(read->seed, 7U);
}

TEST(GuaranteesResult, SumsCountScenariosAndClasses) {
  const auto sums = sums_of(example());
  ASSERT_EQ(sums.size(), 3U);
  EXPECT_EQ(sums[0].rule, "D3");  // by number, D10 behind it
  EXPECT_EQ(sums[0].verdict, verdict::fail);
  EXPECT_EQ(sums[0].asked, 7U);
  EXPECT_EQ(sums[0].scenarios, 2U);
  EXPECT_EQ(sums[0].scenarios_failed, 1U);
  ASSERT_EQ(sums[0].counts.size(), 1U);
  EXPECT_EQ(sums[0].counts[0].count, 2U);
  EXPECT_EQ(sums[1].rule, "D10");
  EXPECT_EQ(sums[2].rule, "S1");
}

TEST(GuaranteesResult, TheWorstScenarioDecides) {
  EXPECT_EQ(overall_verdict(example()), verdict::fail);
  EXPECT_EQ(count_of(example(), verdict::pass), 1U);
  EXPECT_EQ(count_of(example(), verdict::skipped), 1U);
}

}  // namespace
}  // namespace gauntlet::record
