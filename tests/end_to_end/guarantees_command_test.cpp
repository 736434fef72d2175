// Goal: the suite of guarantees lists its scenarios, plays those that are picked, writes its
// results and ends with the exit code that belongs to them.

#include "tests/end_to_end/end_to_end.hpp"

namespace gauntlet::test {
namespace {

using testing::HasSubstr;

class GuaranteesCommand : public end_to_end {};

TEST_F(GuaranteesCommand, ListsWhatItWouldPlay) {
  EXPECT_THAT(run({"guarantees", "--list", "--only", "cut/publisher/qos1/*/5.0"}),
              ends_with(0, "cut/publisher/qos1/before-publish/resumed/5.0", "8 scenarios"));
  EXPECT_THAT(run({"guarantees", "--only", "no-such-scenario"}),
              fails_with(2, "no scenario is called no-such-scenario"));
}

TEST_F(GuaranteesCommand, LeavesNothingBehindWhatNeverBegan) {
  EXPECT_THAT(run({"guarantees", "--only", "no-such-scenario", "--out", "out"}),
              fails_with(2, "no scenario is called"));
  EXPECT_THAT(run({"guarantees", "--defect", "crash-at-unsubscribe-of-nothing", "--out", "out"}),
              fails_with(2, "harms the whole process"));
  EXPECT_THAT(run({"guarantees", "--target", "mosquito", "--out", "out"}),
              fails_with(2, "did you mean 'mosquitto'?"));
  EXPECT_THAT(run({"guarantees", "--matrix", "mosquito,127.0.0.1:1", "--out", "out"}),
              fails_with(2, "did you mean 'mosquitto'?"));
  EXPECT_THAT(run({"guarantees", "--target", "mqtt://127.0.0.1:" + closed_port(), "--out", "out"}),
              fails_with(3, "127.0.0.1"));
  EXPECT_FALSE(exists("out"));
}

TEST_F(GuaranteesCommand, WritesResultsThatCanStandBesideOthers) {
  const words called{"guarantees", "--only", "cut/publisher/qos2/before-pubrec/resumed/5.0"};
  words good = called, broken = called;
  good.insert(good.end(), {"--out", "good"});
  broken.insert(broken.end(), {"--out", "broken", "--defect", "deliver-repeated-qos2-message"});
  EXPECT_THAT(run(good), ends_with(0, "1 pass, 0 FAIL"));
  EXPECT_THAT(run(broken), ends_with(1, "0 pass, 1 FAIL", "D8"));
  EXPECT_THAT(content_of("broken/guarantees.json"), HasSubstr("taken-twice"));
  EXPECT_THAT(content_of("good/guarantees.md"), HasSubstr("| pass | D8"));
  EXPECT_THAT(run({"guarantees", "--beside", "good,broken"}),
              ends_with(0, "**FAIL** 1 of 1: taken-twice", "Nothing failed."));
}

}  // namespace
}  // namespace gauntlet::test
