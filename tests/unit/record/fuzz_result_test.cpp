// Goal: a campaign's result written as JSON reads back the same, and the results of workers add up
// to one.

#include "harness/record/fuzz_result.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/record/atomic_file.hpp"
#include "tests/golden/sample_fuzz.hpp"
#include "tests/unit/record/json_schema.hpp"

namespace gauntlet::record {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

TEST(FuzzResult, ReadsBackTheSame) {
  for (const fuzz_result& result : {golden::fuzz_with_findings(), fuzz_result{}}) {
    const std::string text = to_json(result);
    const auto read = fuzz_result_from_json(text, "test");
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(to_json(*read), text);
  }
  const auto read = fuzz_result_from_json(to_json(golden::fuzz_with_findings()), "test");
  ASSERT_TRUE(read);
  ASSERT_EQ(read->findings.size(), 3U);
  EXPECT_EQ(read->findings[0].kind, finding_kind::crash);
  EXPECT_EQ(read->findings[0].minimised.bytes, 41U);
  EXPECT_TRUE(read->findings[2].flaky);
  EXPECT_EQ(read->states.at(1).sent.at(3), 5U);
}

TEST(FuzzResult, FollowsItsSchema) {
  const std::string schema = *read_file(GAUNTLET_FUZZ_SCHEMA_FILE);
  for (const fuzz_result& result :
       {golden::fuzz_with_findings(), golden::fuzz_without_findings(), fuzz_result{}}) {
    EXPECT_THAT(schema_violations(schema, to_json(result)), IsEmpty());
  }
  std::string text = to_json(golden::fuzz_with_findings());
  const std::string good = "\"kind\":\"crash\"";
  ASSERT_NE(text.find(good), text.npos);
  text.replace(text.find(good), good.size(), "\"kind\":\"boredom\"");
  EXPECT_THAT(schema_violations(schema, text), Not(IsEmpty()));
}

TEST(FuzzResult, RefusesWhatIsNone) {
  const auto wrong = fuzz_result_from_json("{\"format\": \"gauntlet.run_result\"}", "a.json");
  ASSERT_FALSE(wrong);
  EXPECT_THAT(wrong.error().message, HasSubstr("a.json"));
  EXPECT_FALSE(fuzz_result_from_json("", "a.json"));
}

TEST(FuzzResult, NamesItsKindsBothWays) {
  for (std::size_t i = 0; i < finding_kind_count; ++i) {
    const auto kind = static_cast<finding_kind>(i);
    EXPECT_EQ(finding_kind_of(name(kind)), kind);
  }
  EXPECT_FALSE(finding_kind_of("boredom"));
}

fuzz_finding finding(const std::string& id, finding_kind kind, double second, bool flaky) {
  fuzz_finding made;
  made.id = id;
  made.kind = kind;
  made.first_second = second;
  made.flaky = flaky;
  return made;
}

TEST(FuzzResult, WorkersAddUp) {
  fuzz_result one;
  one.product = "broker 1";
  one.executions = 10;
  one.behaviours = 7;
  one.edges = 40;
  one.samples = {{.second = 1, .executions = 4, .edges = 3},
                 {.second = 3, .executions = 10, .edges = 40}};
  one.states = {{.state = "connected", .sent = {1, 2}, .answered = {0, 1}}};
  one.remarks = {"slow"};
  one.findings = {finding("hang-1", finding_kind::hang, 2, true),
                  finding("protocol-1", finding_kind::protocol, 1, false)};
  fuzz_result other = one;
  one.seconds_in_vain = 3;
  other.executions = 5;
  other.seconds_in_vain = 1;
  other.behaviours = 9;
  other.edges = 30;
  other.samples = {{.second = 2, .executions = 5}};
  other.findings = {finding("hang-1", finding_kind::hang, 8, false),
                    finding("crash-1", finding_kind::crash, 9, false)};
  fuzz_result all;
  all.seconds = 10;
  all.workers = 2;
  merge_workers(all, {one, other});
  EXPECT_DOUBLE_EQ(all.share_in_vain(), 0.2) << "of the time of both";
  EXPECT_EQ(all.product, "broker 1");
  EXPECT_EQ(all.executions, 15U);
  EXPECT_EQ(all.behaviours, 9U) << "behaviours of workers overlap";
  EXPECT_EQ(all.edges, 40U) << "and so do edges";
  EXPECT_THAT(all.remarks, ElementsAre("slow"));
  ASSERT_EQ(all.samples.size(), 2U);
  EXPECT_EQ(all.samples[0].executions, 4U) << "the other had nothing yet";
  EXPECT_EQ(all.samples[1].executions, 15U);
  EXPECT_EQ(all.samples[1].edges, 40U);
  EXPECT_THAT(all.states.at(0).sent, ElementsAre(2U, 4U));
  ASSERT_EQ(all.findings.size(), 3U);
  EXPECT_EQ(all.findings[0].id, "crash-1") << "gravest first";
  EXPECT_EQ(all.findings[1].id, "hang-1");
  EXPECT_FALSE(all.findings[1].flaky) << "the one that came again stands for both";
  EXPECT_EQ(all.findings[1].times_seen, 2U);
  EXPECT_EQ(all.steady_findings(), 3U);
}

}  // namespace
}  // namespace gauntlet::record
