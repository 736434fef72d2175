// Goal: the first scenario that anybody runs passes on every kind of target.

#include "tests/end_to_end/end_to_end.hpp"

namespace gauntlet::test {
namespace {

using testing::HasSubstr;

class Quickstart : public end_to_end {
 protected:
  program_end run_quickstart(const words& more) {
    words arguments{"run", "quickstart"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return start(arguments).finish(std::chrono::seconds(50));
  }
};

TEST_F(Quickstart, PassesOnTheEmbeddedBroker) {
  EXPECT_THAT(run_quickstart({"--out", "out"}), ends_with(0, "PASSED  quickstart"));
  EXPECT_EQ(result().verdict, record::verdict::pass);
}

TEST_F(Quickstart, PassesOnMosquitto) {
  EXPECT_THAT(run_quickstart({"--out", "out", "--target", "mosquitto"}),
              ends_with(0, "PASSED  quickstart on mosquitto 2."));
}

TEST_F(Quickstart, PassesOverSeveralWorkers) {
  EXPECT_THAT(run_quickstart({"--out", "out", "--target", "mosquitto", "--workers", "2"}),
              ends_with(0, "PASSED  quickstart on mosquitto 2."));
}

TEST_F(Quickstart, SimulatesTheSameEachTime) {
  for (const char* out : {"first", "second"}) {
    EXPECT_THAT(run_quickstart({"--simulate", "--out", out}), ends_with(0, "PASSED  quickstart"));
  }
  std::string first = content_of("first/result.json");
  // The command line names the folder; everything else is the same, byte for byte.
  const std::size_t at = first.find("\"--out\",\"first\"");
  ASSERT_NE(at, first.npos);
  first.replace(at, 15, "\"--out\",\"second\"");
  EXPECT_TRUE(first == content_of("second/result.json"));
}

}  // namespace
}  // namespace gauntlet::test
