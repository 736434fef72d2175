// Goal: a conformance result written as JSON follows its schema and reads back the same, and passes
// stay small.

#include "harness/record/conformance_json.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/record/atomic_file.hpp"
#include "harness/record/json.hpp"
#include "tests/golden/sample_conformance.hpp"
#include "tests/golden/sample_run.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/unit/record/json_schema.hpp"

namespace gauntlet::record {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

std::string schema() { return *read_file(GAUNTLET_CONFORMANCE_SCHEMA_FILE); }

std::vector<conformance_result> samples() {
  auto with_expectations = golden::mixed_conformance();
  with_expectations.expectations =
      expectation_comparison{.file = "mosquitto.yaml",
                             .entries = 2,
                             .met = 1,
                             .differences = {{.change = expectation_change::changed_signature,
                                              .test = "MQTT-3.1.2-8/connection-broken",
                                              .version = "5.0",
                                              .expected = "fail: a",
                                              .observed = "fail: b",
                                              .reason = "known",
                                              .issue = "https://example.org/1"}}};
  return {golden::clean_conformance(), golden::mixed_conformance(), golden::narrow_conformance(),
          with_expectations, conformance_result{}};
}

TEST(ConformanceJson, ReadsBackTheSame) {
  for (const auto& result : samples()) {
    for (const auto& text : {to_json(result), to_compact_json(result)}) {
      const auto read = conformance_result_from_json(text, "test");
      ASSERT_TRUE(read) << read.error().message;
      EXPECT_TRUE(*read == result);
    }
  }
}

TEST(ConformanceJson, FollowsItsSchema) {
  for (const auto& result : samples()) {
    EXPECT_THAT(schema_violations(schema(), to_json(result)), IsEmpty());
  }
}

TEST(ConformanceJson, SchemaRefusesWhatIsNotARecord) {
  auto text = to_compact_json(golden::mixed_conformance());
  const std::string good = "\"verdict\":\"unstable\"";
  text.replace(text.find(good), good.size(), "\"verdict\":\"flaky\"");
  EXPECT_THAT(schema_violations(schema(), text), Not(IsEmpty()));
}

TEST(ConformanceJson, LeavesOutOfAPassWhatIsEmpty) {
  const auto result = golden::clean_conformance();
  const auto line = to_json(result.tests.front());
  EXPECT_THAT(line, Not(HasSubstr("\n")));
  EXPECT_THAT(line, Not(HasSubstr("transcripts")));
  EXPECT_THAT(line, Not(HasSubstr("reason")));
  EXPECT_LT(line.size(), 300U);
}

TEST(ConformanceJson, PutsATestThatPassedOnOneLine) {
  const auto text = to_json(golden::clean_conformance());
  EXPECT_THAT(text, HasSubstr("\n    {\"id\":\"MQTT-3.1.0-2/second-connect\",\"version\":\"5.0\""));
}

TEST(ConformanceJson, ABadValueIsRefusedWithItsPath) {
  auto text = to_compact_json(golden::clean_conformance());
  const std::string good = "\"took_ns\":2150000";
  text.replace(text.find(good), good.size(), "\"took_ns\":\"long\"");
  const auto read = conformance_result_from_json(text, "result.json");
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().message, "result.json: /tests/0/took_ns: expected a whole number");
}

TEST(ConformanceJson, ForeignRecordsAreToldApart) {
  const auto run = to_json(golden::cut_run());
  EXPECT_EQ(format_of(run), run_result_format);
  EXPECT_EQ(format_of(to_json(golden::clean_conformance())), conformance_result_format);
  EXPECT_EQ(format_of("[]"), "");
  EXPECT_EQ(format_of("not JSON"), "");
  const auto read = conformance_result_from_json(run, "result.json");
  ASSERT_FALSE(read);
  EXPECT_THAT(read.error().message, HasSubstr("not the result of a conformance run"));
}

TEST(ConformanceJson, IsWrittenToAFileAndReadFromIt) {
  const test::temporary_directory folder;
  const auto file = folder.file("result.json");
  ASSERT_TRUE(write_conformance_result(file, golden::mixed_conformance()));
  const auto read = read_conformance_result(file);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_TRUE(*read == golden::mixed_conformance());
}

}  // namespace
}  // namespace gauntlet::record
