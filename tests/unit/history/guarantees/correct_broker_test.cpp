// Goal: no guarantee is said to be broken on the correct reference broker, whatever the network
// does. A small share in every run; a million messages with the label long.

#include <cstdlib>
#include <fstream>

#include <gtest/gtest.h>

#include "tests/unit/history/guarantees/trial.hpp"
#include "tests/unit/history/guarantees/trial_faults.hpp"

namespace gauntlet::history::proof {
namespace {

using namespace std::chrono_literals;

class CorrectBroker : public testing::TestWithParam<fault_set> {};

TEST_P(CorrectBroker, KeepsEveryGuarantee) {
  const trial_result seen = run_trial(
      {.fleet = {.seed = 3, .publishing = 20s, .every = 150ms}, .faults = GetParam().rules});
  EXPECT_EQ(lines_of(seen.found, guarantee_verdict::fail), "");
  EXPECT_EQ(seen.unsettled, "");
  EXPECT_GT(seen.published, 1'000U);
}

std::string test_name(const testing::TestParamInfo<fault_set>& run) {
  std::string name = run.param.name;
  for (char& letter : name) {
    if (letter == ' ') letter = '_';
  }
  return name;
}

INSTANTIATE_TEST_SUITE_P(UnderFaults, CorrectBroker, testing::ValuesIn(every_kind_of_fault()),
                         test_name);

TEST(CorrectBroker, LeavesNothingInTheDarkWithoutFaults) {
  const trial_result seen = run_trial({.fleet = {.seed = 3, .publishing = 20s}});
  EXPECT_EQ(lines_of(seen.found, guarantee_verdict::warn), "");
  EXPECT_EQ(seen.maybe, 0U);
  for (const char* rule :
       {"D1", "D2", "D3", "D4", "D5", "D6", "D8", "D9", "D10", "O1", "O3", "R1", "R3", "S1",
        "S2", "S3", "S4", "W1", "W2", "W4", "W5", "W6", "E1",  "E2", "E3", "H1", "H5"}) {
    const auto found = seen.found.rules().find(rule);
    EXPECT_TRUE(found != seen.found.rules().end() && found->second.asked > 0) << rule;
  }
}

}  // namespace
}  // namespace gauntlet::history::proof
