// Goal: a failing scenario comes back as the smallest that still fails, as a file that fails again.

#include "tests/end_to_end/end_to_end.hpp"

namespace gauntlet::test {
namespace {

using testing::HasSubstr;
using testing::Not;

class ShrinkCommand : public end_to_end {
 protected:
  void SetUp() override {
    folder.write("big.yaml",
                 "name: big\ndescription: too much of it\nduration: 20s\nparameters: {meters: 30}\n"
                 "fleet:\n"
                 "  - group: meters\n"
                 "    count: ${meters}\n"
                 "    keep_alive: 30s\n"
                 "    publish:\n"
                 "      - {topic: \"m/{index}/a\", every: 1s, qos: 1, payload: {text: hello}}\n"
                 "      - {topic: \"m/{index}/b\", every: 1s, qos: 0, payload: {text: other}}\n"
                 "  - {group: bystanders, count: 10}\n"
                 "  - {group: readers, count: 3, subscribe: [{filter: \"m/#\", qos: 1}]}\n"
                 "expect:\n  - {qos: 1, lost: 0}\n  - {duplicated: 0}\n");
  }
};

TEST_F(ShrinkCommand, FindsTheSmallestScenarioThatStillFails) {
  const words broken{"--simulate", "--defect", "lose-qos1-delivery:1/3"};
  words called{"shrink", "big.yaml"};
  called.insert(called.end(), broken.begin(), broken.end());
  EXPECT_THAT(run(called),
              ends_with(0, "No message is lost (QoS 1)", "without fleet[1]", "Nothing more can go",
                        "smallest scenario: big-smallest.yaml"));
  const std::string smallest = content_of("big-smallest.yaml");
  EXPECT_THAT(smallest, HasSubstr("What fails: lost.qos1"));
  EXPECT_THAT(
      smallest,
      HasSubstr("gauntlet run big-smallest.yaml --simulate --defect lose-qos1-delivery:1/3"));
  EXPECT_THAT(smallest, Not(HasSubstr("bystanders")));
  EXPECT_THAT(smallest, Not(HasSubstr("duplicated")));
  EXPECT_THAT(smallest, Not(HasSubstr("m/{index}/b")));
  words again{"run", "big-smallest.yaml"};
  again.insert(again.end(), broken.begin(), broken.end());
  EXPECT_THAT(run(again), ends_with(1, "No message is lost (QoS 1)"));
  EXPECT_THAT(run({"run", "big-smallest.yaml", "--simulate"}), ends_with(0));
  EXPECT_THAT(run(called), fails_with(2, "big-smallest.yaml is there already"));
}

TEST_F(ShrinkCommand, SaysWhenThereIsNothingToShrink) {
  EXPECT_THAT(run({"shrink", "big.yaml", "--simulate"}),
              fails_with(2,
                         "the scenario does not fail in its run, so there is nothing to shrink: "
                         "nothing failed"));
  EXPECT_THAT(run({"shrink", "big.yaml", "--simulate", "--defect", "lose-qos1-delivery:1/3",
                   "--failure", "duplicated"}),
              fails_with(2, "the scenario does not fail 'duplicated'", "what failed is lost.qos1"));
  EXPECT_FALSE(exists("big-smallest.yaml"));
}

TEST_F(ShrinkCommand, RefusesWhatIsNoSingleScenario) {
  folder.write("matrix.yaml",
               "name: many\nduration: 1s\nmatrix: {qos: [0, 1]}\nfleet: [{group: a, count: 1, "
               "publish: [{topic: a, every: 1s, qos: \"${qos}\"}]}]\n");
  EXPECT_THAT(run({"shrink", "matrix.yaml", "--simulate"}),
              fails_with(2, "this is a matrix of 2 scenarios; choose one with --set"));
  folder.write("wrong.yaml", "name: wrong\nduration: 1s\nfleet: []\n");
  EXPECT_THAT(run({"shrink", "wrong.yaml", "--simulate"}), fails_with(2, "wrong.yaml", "fleet"));
  EXPECT_THAT(run({"shrink", "none.yaml"}), fails_with(2, "none.yaml"));
}

}  // namespace
}  // namespace gauntlet::test
