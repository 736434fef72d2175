// Goal: every report of a fixed fuzzing campaign is, letter for letter, the file kept here. After a
// wanted change run with GAUNTLET_UPDATE_GOLDEN=1 and read the difference.

#include <cstdlib>
#include <string>

#include <gtest/gtest.h>

#include "harness/record/atomic_file.hpp"
#include "reports/fuzz/fuzz_reports.hpp"
#include "tests/golden/sample_fuzz.hpp"

namespace gauntlet::reports {
namespace {

struct sample {
  const char* name;
  record::fuzz_result (*make)();
};

class FuzzGolden : public testing::TestWithParam<sample> {
 protected:
  static void expect_same(const std::string& content, const std::string& ending) {
    const auto file = std::string(GAUNTLET_GOLDEN_FOLDER "/fuzz/") + GetParam().name + ending;
    if (std::getenv("GAUNTLET_UPDATE_GOLDEN") != nullptr) {
      ASSERT_TRUE(record::write_file_atomically(file, content));
    }
    const auto kept = record::read_file(file);
    ASSERT_TRUE(kept) << kept.error().message;
    EXPECT_EQ(*kept, content) << file;
  }
};

TEST_P(FuzzGolden, Text) { expect_same(to_text(GetParam().make()), ".txt"); }
TEST_P(FuzzGolden, JUnit) { expect_same(to_junit(GetParam().make()), ".junit.xml"); }
TEST_P(FuzzGolden, Markdown) { expect_same(to_markdown(GetParam().make()), ".md"); }

INSTANTIATE_TEST_SUITE_P(Results, FuzzGolden,
                         testing::Values(sample{"findings", golden::fuzz_with_findings},
                                         sample{"nothing", golden::fuzz_without_findings}),
                         [](const auto& each) { return std::string(each.param.name); });

}  // namespace
}  // namespace gauntlet::reports
