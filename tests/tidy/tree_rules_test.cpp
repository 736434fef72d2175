// Goal: the rules over several files find what they forbid, let pass what they allow, and hold for
// the tree as it is.

#include "tests/tidy/tree_rules.hpp"

#include <iostream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/tidy/include_rules.hpp"
#include "tests/tidy/text_rules.hpp"

namespace gauntlet::tidy {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST(Registration, TakesListedSources) {
  EXPECT_THAT(check_registration({{"CMakeLists.txt", "add_subdirectory(sim)\n"},
                                  {"sim/CMakeLists.txt",
                                   "gauntlet_library(\n  sim\n  HEADERS a.hpp"
                                   "\n  SOURCES a.cpp deep/b.cpp)\n"},
                                  {"sim/a.cpp", ""},
                                  {"sim/a.hpp", ""},
                                  {"sim/deep/b.cpp", ""}}),
              IsEmpty());
}

TEST(Registration, TakesSourcesNamedFromTheRoot) {
  EXPECT_THAT(
      check_registration({{"cmake/p.cmake", "add_library(p ${PROJECT_SOURCE_DIR}/cmake/p.cpp)"},
                          {"cmake/p.cpp", ""}}),
      IsEmpty());
}

TEST(Registration, FindsSourcesInNoList) {
  const auto found = check_registration({{"CMakeLists.txt", "# sim/a.cpp is only in a comment\n"},
                                         {"sim/a.cpp", ""},
                                         {"sim/a.hpp", ""}});
  EXPECT_THAT(found, SizeIs(2));
}

TEST(Registration, FindsFoldersThatNothingLeadsTo) {
  const auto found = check_registration({{"CMakeLists.txt", "add_subdirectory(harness)\n"},
                                         {"harness/CMakeLists.txt", "add_subdirectory(base)\n"},
                                         {"harness/base/CMakeLists.txt", ""},
                                         {"harness/lost/CMakeLists.txt", ""}});
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_EQ(found[0].path, "harness/lost/CMakeLists.txt");
}

TEST(Registration, LetsProgramsIncludeHeadersWithoutAList) {
  const std::vector<source_file> tree = {{"CMakeLists.txt", "add_executable(t tests/a_test.cpp)\n"},
                                         {"tests/a_test.cpp", "#include \"tests/helper.hpp\"\n"},
                                         {"tests/helper.hpp", ""}};
  EXPECT_THAT(check_registration(tree), IsEmpty());
  EXPECT_THAT(check_registration({tree[0], tree[2]}), SizeIs(1));
}

TEST(ScenarioTests, FindsAScenarioThatNoTestNames) {
  const source_file scenario = {"scenarios/a.yaml", ""};
  const source_file test = {"tests/end_to_end/a_test.cpp", "run(\"scenarios/a.yaml\");"};
  EXPECT_THAT(check_scenario_tests({scenario}), SizeIs(1));
  EXPECT_THAT(check_scenario_tests({scenario, test}), IsEmpty());

  const std::string list = "tests/end_to_end/library_runs.txt";
  EXPECT_THAT(check_scenario_tests({scenario, {list, "# a\na --scale 0.1\n"}}), IsEmpty());
  EXPECT_THAT(check_scenario_tests({scenario, {list, "# a\nab --scale 0.1\n"}}), SizeIs(1));
}

TEST(LongFiles, AreListed) {
  EXPECT_THAT(list_long_files({{"sim/a.cpp", "1\n2\n3\n"}, {"sim/b.cpp", "1\n2\n"}}, 2), SizeIs(1));
}

/// The tree as it is, read once.
class SourceTree : public ::testing::Test {
 protected:
  static const std::vector<source_file>& tree() {
    static const std::vector<source_file> files = read_source_tree();
    return files;
  }

  template <class Rule>
  static findings over_all(Rule rule) {
    findings all;
    for (const source_file& file : tree()) {
      for (finding& found : rule(file.path, file.text)) all.push_back(std::move(found));
    }
    return all;
  }

  static findings over_cpp(findings (*rule)(std::string_view, std::string_view)) {
    return over_all([rule](const std::string& path, const std::string& text) {
      return is_cpp(path) ? rule(path, text) : findings();
    });
  }
};

TEST_F(SourceTree, IsThere) { EXPECT_GT(tree().size(), 50U); }

TEST_F(SourceTree, FollowsTheDependencyDirection) {
  EXPECT_THAT(over_cpp(check_include_direction), IsEmpty());
}

TEST_F(SourceTree, KeepsThirdPartyWalls) {
  EXPECT_THAT(over_cpp(check_third_party_walls), IsEmpty());
}

TEST_F(SourceTree, HasNoBannedWords) { EXPECT_THAT(over_all(check_banned_words), IsEmpty()); }

TEST_F(SourceTree, HasWellFormedHeaders) { EXPECT_THAT(over_all(check_header_form), IsEmpty()); }

TEST_F(SourceTree, HasNoPathsOfOneMachine) {
  EXPECT_THAT(over_all(check_machine_paths), IsEmpty());
}

TEST_F(SourceTree, HasHonestFileModes) {
  findings all;
  for (const source_file& file : tree()) {
    for (finding& found : check_file_mode(file)) all.push_back(std::move(found));
  }
  EXPECT_THAT(all, IsEmpty());
}

TEST_F(SourceTree, BuildsAllItsSources) { EXPECT_THAT(check_registration(tree()), IsEmpty()); }

TEST_F(SourceTree, TestsAllItsScenarios) { EXPECT_THAT(check_scenario_tests(tree()), IsEmpty()); }

TEST_F(SourceTree, ListsItsLongFiles) {
  for (const finding& found : list_long_files(tree(), 500)) PrintTo(found, &std::cout);
}

}  // namespace
}  // namespace gauntlet::tidy
