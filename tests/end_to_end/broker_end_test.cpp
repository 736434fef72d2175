// Goal: a broker that dies or hangs in the middle of a run ends in a report of what was seen until
// then, and an exit code that blames the target.

#include <csignal>

#include "tests/end_to_end/end_to_end.hpp"

namespace gauntlet::test {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

const small_fleet long_run{.duration = "60s"};

class BrokerEnd : public end_to_end {
 protected:
  /// A run on mosquitto through which messages go.
  program start_on_mosquitto(const small_fleet& fleet = long_run) {
    program run = start_small(fleet, {"--target", "mosquitto"});
    await_phase(run, "publishing");
    await_messages(mosquitto_port());
    const auto brokers = children_of(run.pid(), "mosquitto");
    EXPECT_THAT(brokers, SizeIs(1));
    if (!brokers.empty()) mosquitto = brokers.front();
    return run;
  }

  void expect_no_answer_for_a_second(const std::string& port) {
    EXPECT_NE(run_other({"mosquitto_sub", "-p", port, "-t", "#", "-C", "1", "-W", "1"}).code, 0);
  }

  void expect_report_of_what_was_seen() const {
    const record::run_result seen = result();
    EXPECT_EQ(seen.ending, record::ending::target_died);
    EXPECT_EQ(seen.exit_code, exit_code::environment_failed);
    EXPECT_NE(seen.verdict, record::verdict::pass);
    ASSERT_THAT(seen.measured.connections, SizeIs(2));
    EXPECT_EQ(seen.measured.connections.front().connected, 10U);
    EXPECT_GT(record::total_of(seen.measured).delivered, 20U);
    EXPECT_THAT(content_of("out/report.html"), HasSubstr("</html>"));
    EXPECT_TRUE(exists("out/junit.xml"));
    EXPECT_TRUE(exists("out/summary.md"));
  }

  pid_t mosquitto = 0;
};

TEST_F(BrokerEnd, KilledByASignal) {
  program run = start_on_mosquitto();
  ASSERT_EQ(::kill(mosquitto, SIGKILL), 0);

  const program_end how = run.finish();
  EXPECT_EQ(how.code, 3) << how;
  EXPECT_THAT(how.out, HasSubstr("mosquitto was killed by signal 9"));
  EXPECT_THAT(result().ending_sentence, HasSubstr("mosquitto was killed by signal 9 (Killed)"));
  expect_report_of_what_was_seen();
  ASSERT_THAT(result().broker_processes, SizeIs(1));
  EXPECT_TRUE(result().broker_processes.front().exit_unexpected);
}

TEST_F(BrokerEnd, ExitsByItself) {
  program run = start_on_mosquitto();
  ASSERT_EQ(::kill(mosquitto, SIGTERM), 0);

  const program_end how = run.finish();
  EXPECT_EQ(how.code, 3) << how;
  EXPECT_THAT(result().ending_sentence, HasSubstr("mosquitto exited with status 0"));
  expect_report_of_what_was_seen();
}

TEST_F(BrokerEnd, HangsForAWhile) {
  program run = start_on_mosquitto({.duration = "3s", .expect = "  - {connected: 100%}"});
  ASSERT_EQ(::kill(mosquitto, SIGSTOP), 0);
  expect_no_answer_for_a_second(mosquitto_port());
  ASSERT_EQ(::kill(mosquitto, SIGCONT), 0);

  const program_end how = run.finish();
  EXPECT_EQ(how.code, 0) << how;
  EXPECT_EQ(result().ending, record::ending::complete);
}

TEST_F(BrokerEnd, HangsForAWhileAndLosesNothing) {
  const running_broker broker = start_broker();
  program run = start_small({.duration = "3s"}, {"--target", broker.url});
  await_phase(run, "publishing");
  await_messages(broker.port());
  broker.process.signal(SIGSTOP);
  expect_no_answer_for_a_second(broker.port());
  broker.process.signal(SIGCONT);

  const program_end how = run.finish();
  EXPECT_EQ(how.code, 0) << how;
  const record::run_result seen = result();
  const record::delivery_account all = record::total_of(seen.measured);
  EXPECT_EQ(all.sent, 3 * 30 * messages_per_second);
  EXPECT_EQ(all.delivered, 2 * all.sent);
  // Whoever waited for the broker is seen in the time since the message was due.
  EXPECT_GT(seen.measured.flows.front().latency_from_schedule.max(),
            std::chrono::milliseconds(500));
}

TEST_F(BrokerEnd, OfSomebodyElse) {
  running_broker broker = start_broker();
  program run = start_small(long_run, {"--target", broker.url});
  await_phase(run, "publishing");
  await_messages(broker.port());
  broker.process.signal(SIGKILL);

  const program_end how = run.finish(std::chrono::seconds(20));
  EXPECT_EQ(how.code, 3) << how;
  EXPECT_THAT(result().ending_sentence,
              HasSubstr("All connections to mqtt://127.0.0.1:" + broker.port() + " were lost"));
  expect_report_of_what_was_seen();
}

TEST_F(BrokerEnd, BeforeTheRunEnds) {
  running_broker broker = start_broker();
  program run = start_small({.duration = "3s"}, {"--target", broker.url});
  await_phase(run, "publishing");
  await_messages(broker.port());
  broker.process.signal(SIGKILL);

  // Shorter than it takes to believe that the broker is gone: then the figures say it.
  const program_end how = run.finish();
  EXPECT_NE(how.code, 0) << how;
  EXPECT_THAT(content_of("out/report.html"), HasSubstr("</html>"));
}

TEST_F(BrokerEnd, AndStartAgain) {
  running_broker first = start_broker();
  program run = start_small({.duration = "4s"}, {"--target", first.url});
  await_phase(run, "publishing");
  await_messages(first.port());
  first.process.signal(SIGKILL);
  first.process.finish();
  const running_broker second = start_broker({"--listen", "127.0.0.1:" + first.port()});

  // The devices come back; what the dead broker had accepted is lost with it.
  const program_end how = run.finish();
  EXPECT_TRUE(how.code == 0 || how.code == 1) << how;
  EXPECT_EQ(result().ending, record::ending::complete);
  EXPECT_EQ(result().measured.connections.front().reconnected, 10U);
}

}  // namespace
}  // namespace gauntlet::test
