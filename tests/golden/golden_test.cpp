// Goal: every report of a fixed run is, letter for letter, the file kept here. After a wanted
// change run with GAUNTLET_UPDATE_GOLDEN=1 and read the difference.

#include <cstdlib>
#include <string>

#include <gtest/gtest.h>

#include "harness/record/atomic_file.hpp"
#include "reports/html.hpp"
#include "reports/junit.hpp"
#include "reports/markdown.hpp"
#include "reports/text.hpp"
#include "tests/golden/sample_run.hpp"

namespace gauntlet::reports {
namespace {

struct sample {
  const char* name;
  record::run_result (*make)();
};

class Golden : public testing::TestWithParam<sample> {
 protected:
  static void expect_same(const std::string& content, const std::string& ending) {
    const auto file = std::string(GAUNTLET_GOLDEN_FOLDER "/") + GetParam().name + ending;
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

TEST_P(Golden, Text) { expect_same(to_text(GetParam().make()), ".txt"); }
TEST_P(Golden, ColouredText) { expect_same(to_text(GetParam().make(), {.colour = true}), ".ansi"); }
TEST_P(Golden, JUnit) { expect_same(to_junit(GetParam().make()), ".junit.xml"); }
TEST_P(Golden, Markdown) { expect_same(to_markdown(GetParam().make()), ".md"); }

// The scripts and the style have no business in a comparison of texts; the record has its own
// tests.
TEST_P(Golden, Html) {
  auto page = without(to_html(GetParam().make()), "<script>", "</script>");
  page = without(page, "<style>", "</style>");
  expect_same(without(page, "id=\"result\">", "</script>"), ".html");
}

INSTANTIATE_TEST_SUITE_P(Runs, Golden,
                         testing::Values(sample{"passed", golden::passed_run},
                                         sample{"failed", golden::failed_run},
                                         sample{"cut", golden::cut_run}),
                         [](const auto& each) { return std::string(each.param.name); });

}  // namespace
}  // namespace gauntlet::reports
