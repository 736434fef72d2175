// Goal: a record written as JSON follows its schema and reads back the same; what is not one is
// refused with its place.

#include "harness/record/json.hpp"

#include <filesystem>
#include <fstream>
#include <functional>
#include <regex>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/record/atomic_file.hpp"
#include "tests/golden/sample_run.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/unit/record/json_schema.hpp"

namespace gauntlet::record {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

std::string schema() { return *read_file(GAUNTLET_SCHEMA_FILE); }

// `text` with the first `from` replaced; the test fails if there is none.
std::string changed(std::string text, std::string_view from, std::string_view to) {
  const auto place = text.find(from);
  EXPECT_NE(place, std::string::npos) << from;
  if (place != std::string::npos) text.replace(place, from.size(), to);
  return text;
}

std::string error_of(const std::string& text) {
  const auto read = run_result_from_json(text, "result.json");
  if (read) return "(was read)";
  EXPECT_EQ(read.error().code, exit_code::bad_input);
  return read.error().message;
}

TEST(RunResultJson, ReadsBackTheSame) {
  for (const auto& run :
       {golden::passed_run(), golden::failed_run(), golden::cut_run(), run_result{}}) {
    const auto read = run_result_from_json(to_json(run), "test");
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_TRUE(*read == run);
  }
}

TEST(RunResultJson, FollowsItsSchema) {
  for (const auto& run :
       {golden::passed_run(), golden::failed_run(), golden::cut_run(), run_result{}}) {
    EXPECT_THAT(schema_violations(schema(), to_json(run)), IsEmpty());
    EXPECT_THAT(schema_violations(schema(), to_json(run, {.lean_series = true})), IsEmpty());
  }
}

TEST(RunResultJson, SchemaRefusesWhatIsNotARecord) {
  const auto good = to_json(golden::cut_run());
  EXPECT_THAT(schema_violations(schema(), changed(good, "\"sent\": 140", "\"sent\": -1")),
              testing::ElementsAre("/measured/flows/0/account/sent: breaks minimum 0"));
  EXPECT_THAT(schema_violations(schema(), changed(good, "\"sent\": 140", "\"send\": 140")),
              testing::SizeIs(2));
  EXPECT_THAT(schema_violations(schema(), changed(good, "\"target_died\"", "\"died\"")),
              testing::SizeIs(1));
}

TEST(RunResultJson, LeanSeriesLeavesOutOnlyTheirBuckets) {
  const auto run = golden::passed_run();
  const auto lean = to_json(run, {.lean_series = true});
  EXPECT_LT(3 * lean.size(), 2 * to_json(run).size());
  const auto read = run_result_from_json(lean, "test");
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_TRUE(read->measured.series.points[0].latency.empty());
  EXPECT_TRUE(read->measured.flows == run.measured.flows);
}

TEST(RunResultJson, KeepsLargeSeedsAndOddText) {
  run_result run;
  run.scenario.seed = UINT64_MAX;
  run.scenario.source = "tab\t \"quoted\" \\ null \x01 \xf0\x9f\x8c\xa1 end";
  const auto read = run_result_from_json(to_json(run), "test");
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->scenario.seed, UINT64_MAX);
  EXPECT_EQ(read->scenario.source, run.scenario.source);
}

TEST(RunResultJson, MendsTextThatIsNotUtf8) {
  run_result run;
  run.scenario.source = "a\xff\xc0\xafz\xed\xa0\x80\xe2\x82";
  run.measured.protocol_errors.add("topic \xff", 2);
  const auto read = run_result_from_json(to_json(run), "test");
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_THAT(read->scenario.source,
              StartsWith("a\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbdz\xef\xbf\xbd"));
  EXPECT_EQ(read->measured.protocol_errors.total(), 2U);
}

TEST(RunResultJson, BadJsonIsRefusedWithLineAndColumn) {
  EXPECT_EQ(error_of("{\n  \"a\": x\n}"), "result.json: line 2, column 8: not JSON: syntax error");
  EXPECT_THAT(error_of(""), HasSubstr("result.json: line 1, column 1: not JSON: "));
  EXPECT_THAT(error_of("{} {}"), HasSubstr("line 1, column 4: not JSON: extra data"));
}

TEST(RunResultJson, EveryTruncationIsRefused) {
  const auto good = to_json(golden::cut_run());
  for (std::size_t length = 0; length + 2 < good.size(); length += 7) {
    EXPECT_THAT(error_of(good.substr(0, length)), HasSubstr("not JSON"));
  }
}

TEST(RunResultJson, BadValuesAreRefusedWithTheirPath) {
  const auto good = to_json(golden::cut_run());
  const struct {
    const char* from;
    const char* to;
    const char* message;
  } cases[] = {
      {"\"sent\": 140", "\"sent\": -1",
       "result.json: /measured/flows/0/account/sent: expected a whole number, zero or above"},
      {"\"qos\": 1", "\"qos\": 256",
       "result.json: /measured/flows/0/qos: expected a whole number, zero or above"},
      {"\"sent\": 140,", "", "result.json: /measured/flows/0/account: \"sent\" is missing"},
      {"\"target_died\"", "\"died\"", "result.json: /ending: expected the name of an ending"},
      {"\"simulated\": false", "\"simulated\": 0",
       "result.json: /scenario/simulated: expected true or false"},
      {"09:26:53.589Z", "09:66:53.589Z",
       "result.json: /started: expected a time like 2026-01-31T09:05:00.250Z"},
      {"\"seed\": \"42\"", "\"seed\": \"18446744073709551616\"",
       "result.json: /scenario/seed: expected the decimal digits of a number below 2^64"},
      {"\"exit_code\": 3", "\"exit_code\": 7",
       "result.json: /exit_code: expected an exit code, 0 to 4"},
      {"\"version\": 1", "\"version\": 2",
       "result.json: /: written in version 2 of the form; this gauntlet reads 1"},
      {"gauntlet.run_result", "gauntlet.suite",
       "result.json: /: not the result of a run: \"format\" is not gauntlet.run_result"},
  };
  for (const auto& each : cases)
    EXPECT_EQ(error_of(changed(good, each.from, each.to)), each.message);
}

TEST(RunResultJson, ForgedHistogramsAreRefused) {
  run_result run;
  run.measured.generator.loop_lag.record(std::chrono::milliseconds{1});
  const auto good = to_json(run);
  const auto index = std::to_string(histogram::index_of(std::chrono::milliseconds{1}));
  const auto buckets = "[" + index + ",1]";
  EXPECT_THAT(error_of(changed(good, buckets, "[9999,1]")), HasSubstr("no bucket has that index"));
  EXPECT_THAT(error_of(changed(good, buckets, "[" + index + ",2]")), HasSubstr("count differs"));
  EXPECT_THAT(error_of(changed(good, buckets, "[" + index + "]")), HasSubstr("pairs"));
}

TEST(MeasurementsJson, IsOneLineAndReadsBackTheSame) {
  const auto measured = golden::failed_run().measured;
  const auto line = to_json(measured);
  EXPECT_EQ(line.find('\n'), std::string::npos);
  const auto read = measurements_from_json(line, "worker 1");
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_TRUE(*read == measured);
}

class RunResultFile : public testing::Test {
 protected:
  const test::temporary_directory temporary_;
  const std::filesystem::path folder_ = temporary_.path();
};

TEST_F(RunResultFile, IsReplacedWholeAndLeavesNothingElse) {
  const auto file = folder_ / "result.json";
  ASSERT_TRUE(write_run_result(file, run_result{}));
  EXPECT_EQ(read_run_result(file)->ending, ending::unfinished);
  ASSERT_TRUE(write_run_result(file, golden::passed_run()));
  EXPECT_TRUE(*read_run_result(file) == golden::passed_run());
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder_), {}), 1);
}

TEST_F(RunResultFile, WhatCannotBeWrittenIsAFailureOfTheEnvironment) {
  const auto written = write_run_result(folder_ / "missing" / "result.json", run_result{});
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code, exit_code::environment_failed);
  EXPECT_THAT(written.error().message, HasSubstr("missing/result.json.tmp: No such file"));
}

TEST_F(RunResultFile, AFailedReplacementKeepsTheOldAndRemovesTheNew) {
  // A folder cannot be replaced by a file.
  std::filesystem::create_directories(folder_ / "result.json" / "kept");
  EXPECT_FALSE(write_run_result(folder_ / "result.json", run_result{}));
  EXPECT_TRUE(std::filesystem::exists(folder_ / "result.json" / "kept"));
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder_), {}), 1);
}

TEST_F(RunResultFile, AMissingFileIsBadInput) {
  const auto read = read_run_result(folder_ / "none.json");
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, exit_code::bad_input);
  EXPECT_THAT(read.error().message, HasSubstr("none.json: No such file or directory"));
}

TEST(WallTime, ReadsBackAndRefusesTheRest) {
  const auto* const text = "2024-02-29T23:59:59.001Z";
  ASSERT_TRUE(from_iso8601(text));
  EXPECT_EQ(to_iso8601(*from_iso8601(text)), text);
  for (const auto* bad : {"", "2023-02-29T00:00:00.000Z", "2024-02-29T24:00:00.000Z",
                          "2024-02-29 23:59:59.001Z", "2024-02-29T23:59:59.001"}) {
    EXPECT_FALSE(from_iso8601(bad)) << bad;
  }
}

}  // namespace
}  // namespace gauntlet::record
