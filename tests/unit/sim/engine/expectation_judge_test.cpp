// Goal: each expectation passes, fails and stays undecided for the right figures, and says which.

#include "sim/engine/expectation_judge.hpp"

#include <string>

#include <gtest/gtest.h>

#include "sim/engine/generator_judge.hpp"
#include "tests/unit/sim/parsed_scenario.hpp"

namespace gauntlet::sim {
namespace {

using record::verdict;
using std::chrono::milliseconds;
using std::chrono::seconds;

scenario expecting(const std::string& expectation) {
  return parsed_scenario(
      "name: n\nduration: 1s\nfleet:\n  - group: g\n    count: 1\n    publish:\n"
      "      - {topic: t, every: 1s, qos: 1, payload: x}\n"
      "    subscribe:\n      - {filter: t, qos: 1}\nexpect:\n  - " +
      expectation + "\n");
}

class ExpectationJudge : public testing::Test {
 protected:
  ExpectationJudge() {
    record::delivery_account& account = measured.flow("g", 1).account;
    account.planned = 100;
    account.sent = 100;
    account.expected_deliveries = 200;
    account.delivered = 200;
    record::connection_account& connections = measured.connection("g");
    connections.planned = 10;
    connections.attempts = 10;
    connections.connected = 10;
  }
  record::delivery_account& account() { return measured.flow("g", 1).account; }
  record::expectation_record judge(const std::string& expectation) {
    const auto records = judge_expectations(expecting(expectation), "n.yaml", measured, seconds(2));
    return records.empty() ? record::expectation_record{} : records.front();
  }

  record::measurements measured;
};

TEST_F(ExpectationJudge, PassesAndSaysWhereTheExpectationStands) {
  const auto record = judge("{lost: 0}");
  EXPECT_EQ(record.verdict, verdict::pass);
  EXPECT_EQ(record.where, "n.yaml:11");
  EXPECT_EQ(record.observed, "0 of 200");
}

TEST_F(ExpectationJudge, FailsOnTheFirstLossTooMany) {
  account().lost = 3;
  EXPECT_EQ(judge("{lost: 2}").verdict, verdict::fail);
  EXPECT_EQ(judge("{lost: 3}").verdict, verdict::pass);
  EXPECT_EQ(judge("{lost: 1%}").verdict, verdict::fail);
  EXPECT_EQ(judge("{lost: 1.5%}").verdict, verdict::pass);
}

TEST_F(ExpectationJudge, StaysUndecidedWhileUncertainOnesCouldBreakIt) {
  account().uncertain = 1;
  EXPECT_EQ(judge("{lost: 0}").verdict, verdict::inconclusive);
  EXPECT_EQ(judge("{lost: 1}").verdict, verdict::pass);
  account().lost = 1;
  EXPECT_EQ(judge("{lost: 0}").verdict, verdict::fail);
}

TEST_F(ExpectationJudge, NeverPassesWhatHadNoOccasion) {
  account() = {};
  measured.connection("g") = {.group = "g"};
  for (const char* expectation :
       {"{lost: 0}", "{duplicated: 0}", "{reordered: 0}", "{sent: 100%}", "{latency_p99: 1s}",
        "{throughput: 1/s}", "{connected: 100%}", "{unexpected_disconnects: 0}"}) {
    EXPECT_EQ(judge(expectation).verdict, verdict::inconclusive) << expectation;
  }
}

TEST_F(ExpectationJudge, JudgesDuplicatesReorderingAndSending) {
  account().duplicated = 1;
  account().reordered = 1;
  account().sent = 99;
  EXPECT_EQ(judge("{duplicated: 0}").verdict, verdict::fail);
  EXPECT_EQ(judge("{reordered: 0}").verdict, verdict::fail);
  EXPECT_EQ(judge("{sent: 100%}").verdict, verdict::fail);
  EXPECT_EQ(judge("{sent: 99%}").verdict, verdict::pass);
}

TEST_F(ExpectationJudge, LooksAtTheNamedQosOnly) {
  account().lost = 1;
  EXPECT_EQ(judge("{lost: 0, qos: 2}").verdict, verdict::inconclusive);
  EXPECT_EQ(judge("{lost: 0, qos: 1}").verdict, verdict::fail);
}

TEST_F(ExpectationJudge, JudgesPercentilesFromBothClocks) {
  measured.flow("g", 1).latency_from_schedule.record(milliseconds(10), 99);
  measured.flow("g", 1).latency_from_schedule.record(milliseconds(500), 1);
  measured.flow("g", 1).latency_from_send.record(milliseconds(1), 100);
  EXPECT_EQ(judge("{latency_p99: 11ms}").verdict, verdict::pass);
  EXPECT_EQ(judge("{latency_max: 400ms}").verdict, verdict::fail);
  EXPECT_EQ(judge("{service_time_p99: 2ms}").verdict, verdict::pass);
}

TEST_F(ExpectationJudge, JudgesThroughputOverThePublishingTime) {
  EXPECT_EQ(judge("{throughput: 100/s}").verdict, verdict::pass);
  EXPECT_EQ(judge("{throughput: 101/s}").verdict, verdict::fail);
}

TEST_F(ExpectationJudge, CountsADeviceThatReconnectedOnce) {
  measured.connection("g").reconnected = 1;
  EXPECT_EQ(judge("{connected: 100%}").verdict, verdict::fail);
  EXPECT_EQ(judge("{connected: 90%}").verdict, verdict::pass);
}

TEST_F(ExpectationJudge, NamesTheMostFrequentReasonOfDisconnects) {
  measured.connection("g").unexpected_disconnects.add("closed by the broker", 2);
  const auto record = judge("{unexpected_disconnects: 1}");
  EXPECT_EQ(record.verdict, verdict::fail);
  EXPECT_EQ(record.observed, "2, most often: closed by the broker");
}

TEST(GeneratorJudge, ConvictsItselfForALateLoopOrABusyCore) {
  record::measurements measured;
  measured.generator.loop_lag.record(milliseconds(1), 1000);
  EXPECT_FALSE(judge_generator(measured, seconds(10)).limited);
  measured.generator.workers.push_back({.cpu = seconds(9) + milliseconds(500)});
  EXPECT_TRUE(judge_generator(measured, seconds(10)).limited);
  measured.generator.workers.clear();
  measured.generator.loop_lag.record(milliseconds(80), 100);
  EXPECT_TRUE(judge_generator(measured, seconds(10)).limited);
}

TEST(GeneratorJudge, ConvictsItselfForOneStandstill) {
  record::measurements measured;
  measured.generator.loop_lag.record(milliseconds(1), 10'000);
  measured.generator.loop_lag.record(seconds(2), 1);
  EXPECT_TRUE(judge_generator(measured, seconds(100)).limited);
}

}  // namespace
}  // namespace gauntlet::sim
