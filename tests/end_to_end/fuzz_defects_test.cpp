// Goal: a campaign finds planted defects that end, stop or burden the broker's process or harm
// others, gives each its right kind, makes it small, and plays it again. How fast it finds which is
// for tests/benchmark/fuzz.

#include "harness/record/fuzz_result.hpp"
#include "tests/end_to_end/end_to_end.hpp"

namespace gauntlet::test {
namespace {

using record::finding_kind;

/// A defect that a few thousand inputs find whatever the seed.
struct planted {
  const char* defect;
  finding_kind kind;
  std::uint64_t steps_max;  ///< of the smallest input
};

class FuzzDefects : public end_to_end, public testing::WithParamInterface<planted> {
 protected:
  record::fuzz_result fuzzed() const {
    auto read = record::fuzz_result_from_json(content_of("out/result.json"), "result.json");
    EXPECT_TRUE(read) << read.error().message;
    return read ? *read : record::fuzz_result();
  }
};

TEST_P(FuzzDefects, AreFoundMadeSmallAndPlayedAgain) {
  const planted& wanted = GetParam();
  program campaign = start({"fuzz", "--defect", wanted.defect, "--inputs", "6000", "--time", "80s",
                            "--stop-at-first", "--mode", "response", "--minimise-for", "10m",
                            "--seed", "3", "--out", "out"});
  const auto end = campaign.finish(std::chrono::seconds(200));
  ASSERT_EQ(end.code, 1) << end.out << end.err;
  const auto result = fuzzed();
  const auto found = std::find_if(result.findings.begin(), result.findings.end(),
                                  [&](const auto& each) { return each.kind == wanted.kind; });
  ASSERT_NE(found, result.findings.end()) << end.out;
  EXPECT_FALSE(found->flaky);
  EXPECT_EQ(found->minimised.inputs, 1U);
  EXPECT_LE(found->minimised.packets, wanted.steps_max) << found->script;
  EXPECT_THAT(
      run({"fuzz", "--defect", wanted.defect, "--replay", "out/" + found->folder, "--times", "2"}),
      ends_with(1, "Complaints in 2 of 2 times."));
  EXPECT_THAT(run({"fuzz", "--replay", "out/" + found->folder, "--times", "1"}),
              ends_with(0, "Complaints in 0 of 1 times."));
}

INSTANTIATE_TEST_SUITE_P(
    Planted, FuzzDefects,
    testing::Values(planted{"crash-at-unsubscribe-of-nothing", finding_kind::crash, 2},
                    planted{"hang-at-disconnect-with-expiry", finding_kind::hang, 2},
                    planted{"leak-at-will-delay", finding_kind::leak, 1},
                    planted{"lose-all-retained-at-empty-level", finding_kind::disturbance, 6},
                    planted{"end-everybody-at-refusing-pubrec", finding_kind::disturbance, 2}),
    [](const auto& each) {
      std::string name = each.param.defect;
      std::erase(name, '-');
      return name;
    });

using FuzzDefectsElsewhere = end_to_end;

TEST_F(FuzzDefectsElsewhere, AreRefusedWhereTheProcessIsNotTheBrokersOwn) {
  folder.write("small.yaml", small_fleet().yaml());
  EXPECT_THAT(run({"run", "small.yaml", "--defect", "crash-at-unsubscribe-of-nothing"}),
              fails_with(2, "harms the whole process", "--target reference"));
  EXPECT_THAT(run({"fuzz", "--target", "mosquitto", "--defect", "lose-will"}),
              fails_with(2, "--defect is for the embedded broker"));
}

}  // namespace
}  // namespace gauntlet::test
