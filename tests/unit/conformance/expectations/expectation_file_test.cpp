// Goal: expectation files read back as written, and what is wrong with one is told with its place.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "conformance/expectations/expectations.hpp"
#include "harness/record/atomic_file.hpp"
#include "tests/support/temporary_directory.hpp"

namespace gauntlet::conformance {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::vector<std::string> errors_of(std::string_view text) {
  const auto loaded = load_expectations(text, "m.yaml");
  if (loaded) return {"(was read)"};
  std::vector<std::string> all;
  for (const auto& each : loaded.error()) all.push_back(to_string(each));
  return all;
}

expectations sample() {
  using record::test_verdict;
  return {"mosquitto 2.0.11",
          {{"MQTT-3.1.2-8/broken", "3.1.1", test_verdict::unstable, "a: \"x\" | nothing"},
           {"MQTT-3.1.2-8/broken", "5.0", test_verdict::fail, "a: PUBLISH | nothing",
            "a # kept: reason\nof two lines", "https://example.org/1?a=b#c", "2026-03-14"},
           {"PE-3.3.2-a/zero", "5.0", test_verdict::skipped}}};
}

TEST(ExpectationFile, ReadsBackAsWritten) {
  const auto read = load_expectations(to_yaml(sample()), "m.yaml");
  ASSERT_TRUE(read) << testing::PrintToString(errors_of(to_yaml(sample())));
  EXPECT_TRUE(*read == sample());
  const auto nothing = load_expectations(to_yaml({}), "m.yaml");
  ASSERT_TRUE(nothing);
  EXPECT_TRUE(*nothing == expectations{});
}

TEST(ExpectationFile, IsMadeToBeReadByPeople) {
  EXPECT_THAT(to_yaml(sample()), HasSubstr("  - test: PE-3.3.2-a/zero\n"
                                           "    version: 5.0\n"
                                           "    verdict: skipped\n"));
  EXPECT_THAT(to_yaml(sample()), HasSubstr("    date: 2026-03-14\n"));
}

TEST(ExpectationFile, IsOrderedByTestAndVersion) {
  auto shuffled = sample();
  std::swap(shuffled.entries[0], shuffled.entries[2]);
  EXPECT_EQ(to_yaml(shuffled), to_yaml(sample()));
}

TEST(ExpectationFile, OddTextIsKept) {
  for (const auto* odd :
       {"true", "5.0", "- a", "a: b", "#", "null-ish", "\t", "\u00b5", "'", "~"}) {
    expectations all{.entries = {{.test = "T-1/x", .version = "5.0", .reason = odd}}};
    const auto read = load_expectations(to_yaml(all), "m.yaml");
    ASSERT_TRUE(read) << odd;
    EXPECT_EQ(read->entries[0].reason, odd);
  }
}

TEST(ExpectationFile, EverythingWrongIsToldWithItsPlace) {
  EXPECT_THAT(errors_of("expect:\n"
                        "  - test: A-1/a\n"
                        "    version: 4\n"
                        "    verdict: fails\n"
                        "  - test: A-1/b\n"
                        "    version: 5.0\n"
                        "    verdict: pass\n"
                        "    sign: x\n"
                        "    date: yesterday\n"),
              ElementsAre(HasSubstr("m.yaml:3:14: expect[0].version: expected one of 3.1.1, 5.0"),
                          HasSubstr("m.yaml:4:14: expect[0].verdict: expected one of skipped"),
                          HasSubstr("m.yaml:7:14: expect[1].verdict: expected one of skipped"),
                          HasSubstr("m.yaml:8:5:"),
                          HasSubstr("m.yaml:9:11: expect[1].date: expected a date like")));
}

TEST(ExpectationFile, WhatIsMissingIsTold) {
  EXPECT_THAT(errors_of("broker: x y\n"), ElementsAre(HasSubstr("expect")));
  EXPECT_THAT(errors_of("expect:\n  - test: A-1/a\n    version: 5.0\n"),
              ElementsAre(HasSubstr("verdict")));
}

TEST(ExpectationFile, ATestStandsInItOnceForEachVersion) {
  EXPECT_THAT(errors_of("expect:\n"
                        "  - { test: A-1/a, version: 5.0, verdict: fail }\n"
                        "  - { test: A-1/a, version: 3.1.1, verdict: fail }\n"
                        "  - { test: A-1/a, version: 5.0, verdict: blocked }\n"),
              ElementsAre("m.yaml:4:5: expect[2]: A-1/a on 5.0 stands in line 2 already"));
}

TEST(ExpectationFile, IsWrittenAndRead) {
  const test::temporary_directory folder;
  const std::filesystem::path file = folder.file("m.yaml");
  ASSERT_TRUE(write_expectations(file, sample()));
  const auto read = load_expectations(file);
  ASSERT_TRUE(read);
  EXPECT_TRUE(*read == sample());
  EXPECT_FALSE(load_expectations(std::filesystem::path(folder.file("none.yaml"))));
}

}  // namespace
}  // namespace gauntlet::conformance
