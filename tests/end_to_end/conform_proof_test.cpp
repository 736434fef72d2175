// Goal: the verdicts of the conformance suite can be trusted: each test is proven, none flips with
// the order or the number of tests side by side, and real brokers come out as it was read by hand.

#include <algorithm>
#include <filesystem>

#include "tests/end_to_end/end_to_end.hpp"

namespace gauntlet::test {
namespace {

// A run of the whole suite may take minutes.
class whole_suite : public end_to_end {
 protected:
  program_end conform(words arguments) const {
    arguments.insert(arguments.begin(), {"conform", "--quiet"});
    return start(arguments).finish(std::chrono::minutes(14));
  }
};

class ConformProof : public whole_suite {};

TEST_F(ConformProof, HoldsForEachTestAndDefect) {
  EXPECT_THAT(conform({"--prove"}), ends_with(0, "proofs hold"));
}

// A tenth of a hundred seeds, on as many tests side by side as the user may ask for; few are rare,
// for such a run mostly waits.
class ConformSeeds : public whole_suite, public testing::WithParamInterface<int> {};

TEST_P(ConformSeeds, DoNotChangeAVerdict) {
  constexpr int many[] = {8, 12, 16, 20, 24, 32, 40, 48, 56, 64};
  constexpr int few[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
  for (int i = 0; i < 10; ++i) {
    const std::string seed = std::to_string(GetParam() * 10 + i);
    const int jobs = i == 0 ? few[GetParam()] : many[i];
    EXPECT_THAT(
        conform({"--fast", "--seed", seed, "--jobs", std::to_string(jobs), "--out", "seed" + seed}),
        ends_with(0, "CONFORMS"))
        << "seed " << seed;
  }
}

INSTANTIATE_TEST_SUITE_P(Tenth, ConformSeeds, testing::Range(0, 10));

class RealBroker : public whole_suite, public testing::WithParamInterface<std::string> {};

TEST_P(RealBroker, ComesOutAsExpected) {
  const std::string file =
      GAUNTLET_SOURCE_FOLDER "/conformance/expectations/" + GetParam() + ".yaml";
  const program_end how = conform({"--target", GetParam(), "--expectations", file, "--out", "out"});
  if (how.code == 2 && how.err.find("not installed") != std::string::npos) GTEST_SKIP() << how.err;
  EXPECT_THAT(how, ends_with(0, "AS EXPECTED"));
}

std::vector<std::string> brokers_with_expectations() {
  std::vector<std::string> names;
  const std::filesystem::path folder = GAUNTLET_SOURCE_FOLDER "/conformance/expectations";
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == ".yaml") names.push_back(entry.path().stem().string());
  }
  std::ranges::sort(names);
  return names;
}

INSTANTIATE_TEST_SUITE_P(Each, RealBroker, testing::ValuesIn(brokers_with_expectations()),
                         [](const auto& each) { return each.param; });

}  // namespace
}  // namespace gauntlet::test
