// Goal: a process of the generator that dies is named, and nothing that we started outlives us.

#include <csignal>

#include "tests/end_to_end/end_to_end.hpp"

namespace gauntlet::test {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

const small_fleet long_run{.duration = "60s"};

class WorkerEnd : public end_to_end {};

TEST_F(WorkerEnd, IsNamed) {
  const running_broker broker = start_broker();
  program run = start_small(long_run, {"--target", broker.url, "--workers", "2"});
  await_phase(run, "publishing");
  await_messages(broker.port());
  const auto workers = children_of(run.pid());
  ASSERT_THAT(workers, SizeIs(2));
  ASSERT_EQ(::kill(workers[1], SIGKILL), 0);

  const program_end how = run.finish();
  EXPECT_EQ(how.code, 3) << how;
  const record::run_result seen = result();
  EXPECT_EQ(seen.ending, record::ending::worker_died);
  const std::string name = "worker 2 (process " + std::to_string(workers[1]) + ")";
  EXPECT_THAT(seen.ending_sentence, HasSubstr(name + " was killed by signal 9 (Killed)"));
  EXPECT_THAT(how.out, HasSubstr(name));
  EXPECT_NE(seen.verdict, record::verdict::pass);

  // The other worker's figures are there.
  ASSERT_THAT(seen.measured.generator.workers, SizeIs(2));
  EXPECT_TRUE(seen.measured.generator.workers[0].finished);
  EXPECT_FALSE(seen.measured.generator.workers[1].finished);
  EXPECT_GT(record::total_of(seen.measured).sent, 0U);
  EXPECT_THAT(content_of("out/report.html"), HasSubstr("</html>"));
  EXPECT_TRUE(await([&] { return all_gone(workers); }));
}

TEST_F(WorkerEnd, IsNoticedWhileConnecting) {
  const running_broker broker = start_broker();
  program run = start_small({.arrival = "{rate: 1/s}"}, {"--target", broker.url, "--workers", "2"});
  await_phase(run, "connecting");
  const auto workers = children_of(run.pid());
  ASSERT_THAT(workers, SizeIs(2));
  ASSERT_EQ(::kill(workers[0], SIGSEGV), 0);

  const program_end how = run.finish();
  EXPECT_EQ(how.code, 3) << how;
  EXPECT_THAT(result().ending_sentence, HasSubstr("worker 1 (process "));
}

TEST_F(WorkerEnd, FollowsThatOfTheCoordinator) {
  program run = start_small(long_run, {"--target", "mosquitto", "--workers", "2"});
  await_phase(run, "publishing");
  const auto children = children_of(run.pid());
  ASSERT_THAT(children, SizeIs(3));
  run.signal(SIGKILL);

  EXPECT_EQ(run.finish().signal, SIGKILL);
  EXPECT_TRUE(await([&] { return all_gone(children); })) << "orphans are left";
}

TEST_F(WorkerEnd, LeavesNobodyAfterAGoodRun) {
  program run = start_small({}, {"--target", "mosquitto", "--workers", "2"});
  await_phase(run, "publishing");
  const auto children = children_of(run.pid());
  ASSERT_THAT(children, SizeIs(3));
  const program_end how = run.finish();
  EXPECT_EQ(how.code, 0) << how;
  EXPECT_TRUE(all_gone(children));
  EXPECT_EQ(result().measured.generator.workers.size(), 2U);
}

}  // namespace
}  // namespace gauntlet::test
