// Goal: one file is many runs: values from the command line, a matrix with its page, a fleet scaled
// up and down; and a new file works at once.

#include <csignal>

#include "tests/end_to_end/end_to_end.hpp"

namespace gauntlet::test {
namespace {

using testing::HasSubstr;
using testing::Not;

class Composition : public end_to_end {
 protected:
  void write_scenario(const std::string& more = "", const std::string& expect = "lost: 0") {
    folder.write("made.yaml",
                 "name: made\nparameters: {devices: 20, interval: 200ms}\nduration: 1s\n" + more +
                     "fleet:\n"
                     "  - {group: watcher, count: 1, scale: false, subscribe: [{filter: \"d/+\", "
                     "qos: 2}]}\n"
                     "  - group: senders\n"
                     "    count: ${devices}\n"
                     "    publish: [{topic: \"d/{index}\", every: \"${interval}\", qos: " +
                     (more.find("qos:") == more.npos ? "1" : "\"${qos}\"") +
                     ", payload: x}]\n"
                     "expect: [{sent: 100%, " +
                     expect + "}]\n");
  }
};

TEST_F(Composition, SetsParameters) {
  write_scenario();
  EXPECT_THAT(run({"run", "made.yaml", "--simulate", "--out", "out", "--set", "devices=3", "--set",
                   "interval=100ms"}),
              ends_with(0, "4 devices, seed 1", "with devices=3, interval=100ms"));
  EXPECT_EQ(result().scenario.parameters,
            (std::vector<std::string>{"devices=3", "interval=100ms"}));
  EXPECT_EQ(total_of(result().measured).sent, 30U);
  EXPECT_THAT(content_of("out/report.html"), HasSubstr("devices=3; interval=100ms"));
}

TEST_F(Composition, RefusesWrongValuesAndNames) {
  write_scenario();
  EXPECT_THAT(run({"run", "made.yaml", "--set", "devises=3"}),
              fails_with(2,
                         "--set devises=3: there is no parameter 'devises', did you mean "
                         "'devices'?"));
  EXPECT_THAT(run({"run", "made.yaml", "--set", "devices=few"}),
              fails_with(2, "made.yaml:7:12: fleet[1].count: expected a whole number"));
  EXPECT_THAT(run({"scenario", "check", "made.yaml", "--set", "devices"}),
              fails_with(2, "--set takes NAME=VALUE, not 'devices'"));
  EXPECT_THAT(run({"run", "made.yaml", "--scale", "0"}), fails_with(2, "--scale takes a number"));
  EXPECT_THAT(run({"run", "made.yaml", "--scale", "many"}), fails_with(2, "--scale"));
  EXPECT_FALSE(exists("results"));
}

TEST_F(Composition, ScalesTheFleetAndWhatIsExpectedOfIt) {
  write_scenario("arrival: {rate: 1000/s}\n",
                 "lost: 0, throughput: 90/s, unexpected_disconnects: 4");
  EXPECT_THAT(
      run({"run", "made.yaml", "--simulate", "--out", "out", "--scale", "0.5"}),
      ends_with(0, "11 devices", "scaled by 0.5: watcher: 1 device as before (scale: false); ",
                "senders: 10 devices, of 20", "arrival: 500/s, of 1000/s",
                "expected throughput: at least 45", "of at least 90",
                "expected unexpected_disconnects: at most 3, of at most 4"));
  EXPECT_THAT(content_of("out/report.html"), HasSubstr("senders: 10 devices, of 20"));
  EXPECT_EQ(result().measured.connection("senders").planned, 10U);
  EXPECT_THAT(run({"scenario", "check", "made.yaml", "--scale", "10"}),
              ends_with(0, "senders: 200 devices, of 20"));
}

TEST_F(Composition, RunsEveryCombinationOfAMatrix) {
  write_scenario("matrix: {qos: [0, 1], devices: [2, 4]}\n");
  const program_end ran = run({"run", "made.yaml", "--simulate", "--out", "out"});
  EXPECT_THAT(ran, ends_with(0, "[1 of 4] devices=2, qos=0", "[4 of 4] devices=4, qos=1",
                             "4 of 4 combinations passed", "matrix: out/matrix.html"));
  EXPECT_EQ(total_of(result("out/1-devices=2,qos=0").measured).sent, 10U);
  EXPECT_EQ(total_of(result("out/4-devices=4,qos=1").measured).sent, 20U);
  EXPECT_THAT(
      content_of("out/matrix.html"),
      AllOf(HasSubstr("4 of 4 combinations passed"),
            HasSubstr("href=\"4-devices=4,qos=1/report.html\""), HasSubstr("No message is lost")));
  EXPECT_THAT(content_of("out/matrix.md"),
              AllOf(HasSubstr("| devices | qos | verdict |"), HasSubstr("| 4 | 1 | [passed](")));
  const std::string lines = content_of("out/matrix.jsonl");
  EXPECT_EQ(std::count(lines.begin(), lines.end(), '\n'), 4);
  EXPECT_THAT(lines, HasSubstr("\"verdict\":\"pass\""));
}

TEST_F(Composition, EndsAMatrixWithTheWorstOfItsCodes) {
  write_scenario("matrix: {qos: [0, 1]}\n");
  const program_end ran =
      run({"run", "made.yaml", "--out", "out", "--defect", "lose-qos1-delivery"});
  EXPECT_THAT(ran, ends_with(1, "1 of 2 combinations passed"));
  EXPECT_THAT(content_of("out/matrix.md"), HasSubstr("- qos=1: No message is lost"));
}

TEST_F(Composition, NarrowsAMatrixAndMakesOne) {
  write_scenario("matrix: {qos: [0, 1, 2]}\n");
  EXPECT_THAT(run({"run", "made.yaml", "--simulate", "--out", "one", "--set", "qos=1"}),
              ends_with(0, "with devices=20, interval=200ms, qos=1", "report: one/report.html"));
  EXPECT_THAT(run({"run", "made.yaml", "--simulate", "--out", "two", "--set", "qos=[0, 2]"}),
              ends_with(0, "[2 of 2] qos=2"));
  EXPECT_THAT(run({"run", "made.yaml", "--dry-run", "--set", "qos=1", "--set", "devices=[2, 3]"}),
              ends_with(0, "devices=2:\n3 devices", "devices=3:\n4 devices"));
  EXPECT_THAT(run({"run", "made.yaml", "--json"}), fails_with(2, "--json and a matrix"));
}

TEST_F(Composition, EndsAMatrixInOrderOnCtrlC) {
  write_scenario("matrix: {interval: [100ms, 200ms, 300ms]}\n");
  program ran = start({"run", "made.yaml", "--out", "out", "--set", "devices=5"});
  await_phase(ran, "publishing");
  ran.signal_group(SIGINT);
  const program_end how = ran.finish();
  EXPECT_THAT(how, ends_with(1, "0 of 3 combinations passed, 2 did not run", "did not run"));
  EXPECT_EQ(result("out/1-interval=100ms").ending, record::ending::interrupted);
  EXPECT_FALSE(exists("out/2-interval=200ms"));
  EXPECT_THAT(content_of("out/matrix.jsonl"), HasSubstr("the user stopped before"));
}

TEST_F(Composition, IncludesFiles) {
  write_scenario();
  folder.write("more.yaml",
               "include: made.yaml\nname: more\nparameters: {devices: 5}\n"
               "expect: [{connected: 100%}, {throughput: 1000/s}]\n");
  EXPECT_THAT(run({"run", "more.yaml", "--simulate", "--out", "out"}),
              ends_with(1, "more on the simulated", "6 devices", "more.yaml:4"));
}

class Starter : public end_to_end, public testing::WithParamInterface<std::string> {};

TEST_P(Starter, WorksAtOnce) {
  EXPECT_THAT(run({"scenario", "new", "mine", "--kind", GetParam()}),
              ends_with(0, "mine.yaml is written"));
  EXPECT_THAT(content_of("mine.yaml"),
              AllOf(HasSubstr("name: mine\n"), HasSubstr("# "), Not(HasSubstr("@"))));
  EXPECT_THAT(run({"scenario", "check", "mine.yaml"}), ends_with(0, "mine.yaml: in order"));
  EXPECT_THAT(run({"run", "mine.yaml", "--simulate", "--out", "out"}), ends_with(0, "PASSED"));
}

INSTANTIATE_TEST_SUITE_P(Of, Starter,
                         testing::Values("telemetry", "commands", "fan-out", "workers"),
                         [](const auto& each) {
                           std::string name = each.param;
                           std::erase(name, '-');
                           return name;
                         });

TEST_F(Composition, StartsNoScenarioOverAnother) {
  write_scenario();
  EXPECT_THAT(run({"scenario", "new", "made.yaml"}), fails_with(2, "made.yaml exists already"));
  EXPECT_THAT(run({"scenario", "new", "a b"}), fails_with(2, "cannot be the name of a scenario"));
  EXPECT_THAT(run({"scenario", "new", "x", "--kind", "pyramid"}), fails_with(2, "--kind"));
}

}  // namespace
}  // namespace gauntlet::test
