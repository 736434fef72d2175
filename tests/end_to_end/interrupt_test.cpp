// Goal: Ctrl-C and SIGTERM end a run in order, whatever it is doing: report written, broker
// stopped, nobody left. A second one ends it at once.

#include <csignal>

#include "tests/end_to_end/end_to_end.hpp"

namespace gauntlet::test {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

constexpr std::chrono::seconds promised(10);

struct interrupted_phase {
  const char* name;
  small_fleet fleet;
  words more;

  friend std::ostream& operator<<(std::ostream& to, const interrupted_phase& each) {
    return to << each.name;
  }
};

class Interrupt : public end_to_end {
 protected:
  void expect_report_of_an_interrupted_run(const program_end& how) const {
    EXPECT_EQ(how.code, 1) << how;
    const record::run_result seen = result();
    EXPECT_EQ(seen.ending, record::ending::interrupted);
    EXPECT_EQ(seen.exit_code, exit_code::expectation_failed);
    EXPECT_NE(seen.verdict, record::verdict::pass);
    EXPECT_THAT(how.out, HasSubstr("Stopped by the user"));
    EXPECT_THAT(content_of("out/report.html"), HasSubstr("Stopped by the user"));
  }
};

class InterruptedPhase : public Interrupt, public testing::WithParamInterface<interrupted_phase> {
 protected:
  void interrupt_by(int number) {
    program run = start_small(GetParam().fleet, GetParam().more);
    await_phase(run, GetParam().name);
    const auto children = children_of(run.pid());
    run.signal_group(number);

    const program_end how = run.finish(promised);
    expect_report_of_an_interrupted_run(how);
    EXPECT_TRUE(all_gone(children)) << "orphans are left";
  }
};

TEST_P(InterruptedPhase, ByCtrlC) { interrupt_by(SIGINT); }
TEST_P(InterruptedPhase, ByTerm) { interrupt_by(SIGTERM); }

INSTANTIATE_TEST_SUITE_P(
    While, InterruptedPhase,
    testing::Values(interrupted_phase{"connecting",
                                      {.duration = "60s", .arrival = "{rate: 1/s}"},
                                      {"--target", "mosquitto", "--workers", "2"}},
                    interrupted_phase{"publishing", {.duration = "60s"}, {"--target", "mosquitto"}},
                    interrupted_phase{"draining", {.drain = "60s"}, {"--defect", "omit-puback"}}),
    [](const auto& each) { return std::string(each.param.name); });

TEST_F(Interrupt, KeepsWhatWasMeasured) {
  const running_broker broker = start_broker();
  program run = start_small({.duration = "60s"}, {"--target", broker.url});
  await_phase(run, "publishing");
  await_messages(broker.port());
  run.signal_group(SIGINT);

  expect_report_of_an_interrupted_run(run.finish(promised));
  const record::delivery_account all = record::total_of(result().measured);
  EXPECT_GT(all.delivered, 20U);
  EXPECT_EQ(all.lost, 0U) << "what was under way is uncertain, not lost";
  EXPECT_EQ(all.sent + all.not_sent, all.planned);
  EXPECT_LT(all.planned, 30 * 10 * messages_per_second) << "of 60 s, one has gone by at most";
}

TEST_F(Interrupt, BySeveralWorkersIsInOrderToo) {
  const running_broker broker = start_broker();
  program run = start_small({.duration = "60s"}, {"--target", broker.url, "--workers", "3"});
  await_phase(run, "publishing");
  await_messages(broker.port());
  const auto workers = children_of(run.pid());
  ASSERT_THAT(workers, SizeIs(3));
  run.signal_group(SIGTERM);

  expect_report_of_an_interrupted_run(run.finish(promised));
  for (const auto& worker : result().measured.generator.workers) EXPECT_TRUE(worker.finished);
  EXPECT_TRUE(all_gone(workers));
}

TEST_F(Interrupt, EndsASimulatedRun) {
  program run = start_small({.duration = "30d", .count = "200"}, {"--simulate"});
  await_phase(run, "publishing");
  run.signal(SIGINT);
  expect_report_of_an_interrupted_run(run.finish(promised));
}

TEST_F(Interrupt, TheSecondOneEndsItAtOnce) {
  // A broker that does not answer keeps the first one waiting.
  running_broker broker = start_broker();
  program run = start_small({.duration = "60s"}, {"--target", broker.url});
  await_phase(run, "publishing");
  broker.process.signal(SIGSTOP);
  run.signal(SIGINT);
  ASSERT_TRUE(run.await([&] { return !handles(run.pid(), SIGINT); }));
  run.signal(SIGINT);
  const program_end how = run.finish(promised);
  EXPECT_EQ(how.signal, SIGINT) << how;
}

TEST_F(Interrupt, WhileWaitingForTheBroker) {
  // It listens, but does not answer.
  running_broker broker = start_broker();
  broker.process.signal(SIGSTOP);
  program run = start_small({}, {"--target", broker.url});
  ASSERT_TRUE(run.await([&] { return handles(run.pid(), SIGINT); }));
  run.signal(SIGINT);
  const program_end how = run.finish(std::chrono::seconds(15));
  EXPECT_THAT(how, fails_with(3, "did not answer the CONNECT in time"));
}

TEST_F(Interrupt, EndsTheReferenceBroker) {
  for (const int number : {SIGINT, SIGTERM}) {
    running_broker broker = start_broker();
    broker.process.signal(number);
    const program_end how = broker.process.finish(promised);
    EXPECT_EQ(how.code, 0) << how;
  }
}

}  // namespace
}  // namespace gauntlet::test
