// Goal: the verdicts of the conformance suite can be trusted: each test is proven, none flips with
// the order or the number of tests side by side, and real brokers come out as it was read by hand.

#include <algorithm>
#include <filesystem>

#include "tests/end_to_end/end_to_end.hpp"

namespace gauntlet::test {
namespace {

class ConformProof : public end_to_end {};

TEST_F(ConformProof, HoldsForEachTestAndDefect) {
  EXPECT_THAT(run({"conform", "--prove", "--quiet"}), ends_with(0, "proofs hold"));
}

// A tenth of a hundred seeds.
class ConformSeeds : public end_to_end, public testing::WithParamInterface<int> {};

TEST_P(ConformSeeds, DoNotChangeAVerdict) {
  constexpr int jobs[] = {1, 2, 4, 8, 12, 16, 24, 32, 48, 64};
  for (int i = 0; i < 10; ++i) {
    const std::string seed = std::to_string(GetParam() * 10 + i);
    EXPECT_THAT(run({"conform", "--fast", "--quiet", "--seed", seed, "--jobs",
                     std::to_string(jobs[i]), "--out", "seed" + seed}),
                ends_with(0, "CONFORMS"))
        << "seed " << seed;
  }
}

INSTANTIATE_TEST_SUITE_P(Tenth, ConformSeeds, testing::Range(0, 10));

class RealBroker : public end_to_end, public testing::WithParamInterface<std::string> {};

TEST_P(RealBroker, ComesOutAsExpected) {
  const std::string file =
      GAUNTLET_SOURCE_FOLDER "/conformance/expectations/" + GetParam() + ".yaml";
  const program_end how =
      run({"conform", "--target", GetParam(), "--quiet", "--expectations", file, "--out", "out"});
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
