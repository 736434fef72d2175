// Goal: expectations of stages, sessions, requests, wills, retained messages, recovery and the
// broker's process pass, fail and stay undecided for the right figures.

#include <string>

#include <gtest/gtest.h>

#include "sim/engine/expectation_judge.hpp"
#include "tests/unit/sim/parsed_scenario.hpp"

namespace gauntlet::sim {
namespace {

using record::verdict;
using std::chrono::milliseconds;
using std::chrono::seconds;

scenario expecting(const std::string& expectation) {
  return parsed_scenario(
      "name: n\nstages: [{name: calm, duration: 4s}, {name: spike, duration: 1s}]\nfleet:\n"
      "  - group: g\n    count: 1\n    publish:\n"
      "      - {topic: t, every: 1s, qos: 1, payload: x}\n"
      "    subscribe:\n      - {filter: t, qos: 1}\n  - {group: h, count: 1}\nexpect:\n  - " +
      expectation + "\n");
}

class RunFigures : public testing::Test {
 protected:
  record::expectation_record judged(const std::string& expectation) {
    const auto records = judge_expectations(expecting(expectation), "n.yaml", measured, seconds(5));
    return records.empty() ? record::expectation_record{} : records.front();
  }
  verdict judge(const std::string& expectation) { return judged(expectation).verdict; }

  record::measurements measured;
};

TEST_F(RunFigures, NeverPassWhatHadNoOccasion) {
  measured.connection("g").planned = 1;
  for (const char* expectation :
       {"{sessions_lost: 0}", "{offline_time_p99: 1s}", "{answered: 100%}",
        "{response_time_max: 1s}", "{wills_missing: 0}", "{wills_unexpected: 0}",
        "{retained_missing: 0}", "{retained_stale: 0}", "{recovery_p99: 1s}",
        "{broker_memory: 1GB}", "{broker_cpu: 100%}", "{dropped_offline: 0}",
        "{stage: spike, lost: 0}", "{stage: spike, throughput: 1/s}"}) {
    const auto record = judged(expectation);
    EXPECT_EQ(record.verdict, verdict::inconclusive) << expectation;
    EXPECT_FALSE(record.observed.empty()) << expectation;
  }
}

TEST_F(RunFigures, LookAtTheNamedStageOnly) {
  measured.flow("g", 1, "calm").account = {
      .planned = 100, .sent = 100, .expected_deliveries = 100, .delivered = 100};
  measured.flow("g", 1, "spike").account = {
      .planned = 50, .sent = 50, .expected_deliveries = 50, .delivered = 40, .lost = 10};
  measured.flow("g", 1, "spike").latency_from_schedule.record(seconds(2), 40);
  measured.flow("g", 1, "calm").latency_from_schedule.record(milliseconds(2), 100);
  EXPECT_EQ(judge("{stage: calm, lost: 0}"), verdict::pass);
  EXPECT_EQ(judge("{stage: spike, lost: 0}"), verdict::fail);
  EXPECT_EQ(judge("{lost: 0}"), verdict::fail);
  EXPECT_EQ(judge("{stage: calm, latency_max: 10ms}"), verdict::pass);
  EXPECT_EQ(judge("{stage: spike, latency_max: 10ms}"), verdict::fail);
  EXPECT_EQ(judge("{stage: spike, group: g, qos: 1, lost: 20%}"), verdict::pass);
  EXPECT_EQ(judge("{stage: spike, qos: 2, lost: 0}"), verdict::inconclusive);
}

TEST_F(RunFigures, CountTheThroughputOfAStageOverItsOwnTime) {
  measured.flow("g", 1, "calm").account = {.expected_deliveries = 100, .delivered = 100};
  measured.flow("g", 1, "spike").account = {.expected_deliveries = 50, .delivered = 50};
  EXPECT_EQ(judged("{stage: calm, throughput: 25/s}").observed, "25/s");
  EXPECT_EQ(judged("{stage: spike, throughput: 51/s}").observed, "50/s");
  EXPECT_EQ(judge("{stage: spike, throughput: 51/s}"), verdict::fail);
  EXPECT_EQ(judge("{throughput: 30/s}"), verdict::pass);
}

TEST_F(RunFigures, JudgeSessionsAndTimeOffline) {
  record::connection_account& of_g = measured.connection("g");
  of_g.planned = 3;
  of_g.sessions_resumed = 2;
  of_g.offline_time.record(seconds(3));
  EXPECT_EQ(judge("{sessions_lost: 0}"), verdict::pass);
  EXPECT_EQ(judge("{offline_time_max: 4s}"), verdict::pass);
  EXPECT_EQ(judge("{offline_time_max: 2s}"), verdict::fail);
  of_g.sessions_lost = 1;
  EXPECT_EQ(judged("{sessions_lost: 0}").observed, "1 of 3");
  EXPECT_EQ(judge("{sessions_lost: 0}"), verdict::fail);
  EXPECT_EQ(judge("{sessions_lost: 0, group: h}"), verdict::inconclusive);
}

TEST_F(RunFigures, JudgeRequests) {
  record::request_account& of_g = measured.requests_of("g");
  of_g.requests = 11;
  of_g.answered = 9;
  of_g.timed_out = 1;
  of_g.unfinished = 1;
  of_g.response_time.record(milliseconds(20), 9);
  EXPECT_EQ(judged("{answered: 90%}").observed, "9 of 10");
  EXPECT_EQ(judge("{answered: 90%}"), verdict::pass);
  EXPECT_EQ(judge("{answered: 91%}"), verdict::fail);
  EXPECT_EQ(judge("{answered: 90%, group: h}"), verdict::inconclusive);
  EXPECT_EQ(judge("{response_time_p99: 21ms}"), verdict::pass);
  EXPECT_EQ(judge("{response_time_p99: 19ms}"), verdict::fail);
}

TEST_F(RunFigures, JudgeWills) {
  measured.wills = {.expected = 4, .delivered = 4};
  EXPECT_EQ(judge("{wills_missing: 0}"), verdict::pass);
  EXPECT_EQ(judge("{wills_unexpected: 0}"), verdict::pass);
  measured.wills = {.expected = 4, .delivered = 3, .missing = 1, .unexpected = 2};
  EXPECT_EQ(judged("{wills_missing: 0}").observed, "1 of 4");
  EXPECT_EQ(judge("{wills_missing: 0}"), verdict::fail);
  EXPECT_EQ(judge("{wills_unexpected: 1}"), verdict::fail);
}

TEST_F(RunFigures, JudgeWhatIsRetained) {
  measured.retained.expected = 5;
  measured.retained.delivered = 5;
  EXPECT_EQ(judge("{retained_missing: 0}"), verdict::pass);
  EXPECT_EQ(judge("{retained_stale: 0}"), verdict::pass);
  measured.retained.missing = 1;
  measured.retained.stale = 2;
  EXPECT_EQ(judge("{retained_missing: 0}"), verdict::fail);
  EXPECT_EQ(judge("{retained_stale: 1}"), verdict::fail);
  EXPECT_EQ(judged("{retained_stale: 1}").observed, "2 of 5");
}

TEST_F(RunFigures, JudgeTheSlowestRecovery) {
  record::recovery_account& quick = measured.recovery("storm at 1s", seconds(1));
  quick.concerned = 10;
  quick.back_after.record(seconds(1), 10);
  EXPECT_EQ(judge("{recovery_max: 2s}"), verdict::pass);
  record::recovery_account& slow = measured.recovery("storm at 9s", seconds(9));
  slow.concerned = 10;
  slow.back_after.record(seconds(3), 10);
  const auto record = judged("{recovery_max: 2s}");
  EXPECT_EQ(record.verdict, verdict::fail);
  EXPECT_NE(record.observed.find("storm at 9s"), std::string::npos) << record.observed;
}

TEST_F(RunFigures, FailARecoveryThatNeverCame) {
  record::recovery_account& storm = measured.recovery("storm at 1s", seconds(1));
  storm.concerned = 10;
  storm.back_after.record(seconds(1), 8);
  EXPECT_EQ(judge("{recovery_p50: 2s}"), verdict::pass);
  EXPECT_EQ(judged("{recovery_max: 24h}").observed, "8 of 10 came back");
  EXPECT_EQ(judge("{recovery_max: 24h}"), verdict::fail);
}

TEST_F(RunFigures, JudgeTheBrokersProcess) {
  record::series_point& first = measured.series.at(milliseconds(100));
  first.broker_rss_bytes = 10'000'000;
  first.broker_cpu = milliseconds(500);
  record::series_point& second = measured.series.at(milliseconds(1100));
  second.broker_rss_bytes = 30'000'000;
  second.broker_cpu = milliseconds(1500);
  EXPECT_EQ(judge("{broker_memory: 30MB}"), verdict::pass);
  EXPECT_EQ(judge("{broker_memory: 29MB}"), verdict::fail);
  EXPECT_EQ(judge("{broker_cpu: 100%}"), verdict::pass);
  EXPECT_EQ(judge("{broker_cpu: 99.5%}"), verdict::fail);
}

}  // namespace
}  // namespace gauntlet::sim
