// Goal: every report of a fixed conformance run is, letter for letter, the file kept here. After a
// wanted change run with GAUNTLET_UPDATE_GOLDEN=1 and read the difference.

#include <cstdlib>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/record/atomic_file.hpp"
#include "harness/record/conformance_json.hpp"
#include "reports/conformance/conformance_matrix_page.hpp"
#include "reports/conformance/conformance_reports.hpp"
#include "tests/golden/sample_conformance.hpp"
#include "tests/support/temporary_directory.hpp"

namespace gauntlet::reports {
namespace {

struct sample {
  const char* name;
  record::conformance_result (*make)();
};

class ConformanceGolden : public testing::TestWithParam<sample> {
 protected:
  static void expect_same(const std::string& content, const std::string& ending) {
    const auto file =
        std::string(GAUNTLET_GOLDEN_FOLDER "/conformance/") + GetParam().name + ending;
    if (std::getenv("GAUNTLET_UPDATE_GOLDEN") != nullptr) {
      ASSERT_TRUE(record::write_file_atomically(file, content));
    }
    const auto kept = record::read_file(file);
    ASSERT_TRUE(kept) << kept.error().message;
    EXPECT_EQ(*kept, content) << file;
  }
};

// `page` without what stands between `begin` and `end`, wherever that is.
std::string without(std::string page, std::string_view begin, std::string_view end) {
  for (std::size_t from = 0; (from = page.find(begin, from)) != std::string::npos;) {
    from += begin.size();
    page.erase(from, page.find(end, from) - from);
  }
  return page;
}

TEST_P(ConformanceGolden, Text) {
  expect_same(to_text(GetParam().make(), {}, "results/report.html"), ".txt");
}
TEST_P(ConformanceGolden, ColouredText) {
  expect_same(to_text(GetParam().make(), {.colour = true}), ".ansi");
}
TEST_P(ConformanceGolden, JUnit) { expect_same(to_junit(GetParam().make()), ".junit.xml"); }
TEST_P(ConformanceGolden, Markdown) { expect_same(to_markdown(GetParam().make()), ".md"); }
TEST_P(ConformanceGolden, Badge) { expect_same(to_badge(GetParam().make()), ".svg"); }

// The scripts and the style have no business in a comparison of texts; the record has its own
// tests.
TEST_P(ConformanceGolden, Html) {
  auto page = without(to_html(GetParam().make()), "<script>", "</script>");
  page = without(page, "<style>", "</style>");
  expect_same(without(page, "id=\"result\">", "</script>"), ".html");
}

INSTANTIATE_TEST_SUITE_P(Results, ConformanceGolden,
                         testing::Values(sample{"clean", golden::clean_conformance},
                                         sample{"mixed", golden::mixed_conformance},
                                         sample{"expected", golden::expected_conformance},
                                         sample{"narrow", golden::narrow_conformance}),
                         [](const auto& each) { return std::string(each.param.name); });

TEST(ConformanceMatrixGolden, Markdown) {
  const auto content = to_markdown(golden::sample_matrix());
  const std::string file = GAUNTLET_GOLDEN_FOLDER "/conformance/matrix.md";
  if (std::getenv("GAUNTLET_UPDATE_GOLDEN") != nullptr) {
    ASSERT_TRUE(record::write_file_atomically(file, content));
  }
  const auto kept = record::read_file(file);
  ASSERT_TRUE(kept) << kept.error().message;
  EXPECT_EQ(*kept, content);
}

TEST(ConformanceReports, AreWrittenIntoAFolder) {
  const test::temporary_directory folder;
  const auto result = golden::mixed_conformance();
  ASSERT_TRUE(write_conformance_reports(folder.path(), result));
  const auto content = [&](const char* name) { return *record::read_file(folder.file(name)); };
  EXPECT_EQ(content("report.html"), to_html(result));
  EXPECT_EQ(content("junit.xml"), to_junit(result));
  EXPECT_EQ(content("summary.md"), to_markdown(result));
  EXPECT_EQ(content("badge.svg"), to_badge(result));
  const auto read = record::read_conformance_result(folder.file("result.json"));
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_TRUE(*read == result);
  const auto lines = content("tests.jsonl");
  EXPECT_EQ(static_cast<std::size_t>(std::count(lines.begin(), lines.end(), '\n')),
            result.tests.size());
}

TEST(ConformanceReports, SayWhereTheyCannotBeWritten) {
  const auto done = write_conformance_reports("/nonexistent/folder", {});
  ASSERT_FALSE(done);
  EXPECT_THAT(done.error().message, testing::HasSubstr("/nonexistent/folder/result.json"));
}

// The figures that a person sees first are those of the record, whatever the form.
TEST(ConformanceReports, AgreeOnTheDenominator) {
  const auto result = golden::mixed_conformance();
  EXPECT_THAT(to_text(result), testing::HasSubstr("7 of 8 testable statements tested, 5 kept, 2 "
                                                  "broken; 1 of 9 is not visible"));
  EXPECT_THAT(to_markdown(result), testing::HasSubstr("| **MQTT 5.0** | 5 | 8 |"));
  EXPECT_THAT(to_badge(result), testing::HasSubstr("5.0: 5/8"));
}

}  // namespace
}  // namespace gauntlet::reports
