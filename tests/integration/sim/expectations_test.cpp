// Goal: expectations are seen to fail on a broker that breaks exactly what they ask for, and by a
// bound that nothing can keep; by stage the figures add up; and a live one ends the run early.

#include <algorithm>
#include <chrono>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/integration/sim/fleet.hpp"

namespace gauntlet::sim {
namespace {

using record::verdict;
using testing::HasSubstr;

record::run_result simulate(const std::string& text, const std::string& defect = {}) {
  const fleet_plan plan(parsed_scenario(text));
  run_options options{.simulate = true};
  options.simulated_network.delay_min = std::chrono::milliseconds(2);
  options.simulated_network.delay_max = std::chrono::milliseconds(2);
  if (!defect.empty()) options.target.embedded.defects.push_back(*broker::parse_defect(defect));
  return run(plan, options);
}

std::string retained_states(const std::string& protocol) {
  return "name: states\nduration: 5s\nfleet:\n  - group: ovens\n    count: 250\n    protocol: \"" +
         protocol +
         "\"\n    publish:\n"
         "      - {topic: 'state/{index}', every: 1s, qos: 1, retain: true, payload: warm}\n"
         "      - {topic: 'alarm/{index}', every: 2s, qos: 2, retain: true, payload: hot}\n"
         "      - {topic: 'all', every: 2s, qos: 1, retain: true, payload: hot}\n"
         "      - {topic: 'loose/{index}', every: 2s, qos: 0, retain: true, payload: hot}\n"
         "expect:\n  - {retained_missing: 0}\n  - {retained_stale: 0}\n";
}

class Retained : public testing::TestWithParam<const char*> {};

// The topic of all ovens and those of QoS 0 cannot be judged.
TEST_P(Retained, IsSeenByALateJoiner) {
  const record::run_result result = simulate(retained_states(GetParam()));
  EXPECT_EQ(result.verdict, verdict::pass);
  EXPECT_EQ(result.measured.retained.expected, 500U);
  EXPECT_EQ(result.measured.retained.delivered, 500U);
}

TEST_P(Retained, IsMissedWhereTheBrokerForgetsIt) {
  const record::run_result result =
      simulate(retained_states(GetParam()), "forget-retained-message:1/1");
  ASSERT_EQ(result.expectations.size(), 2U);
  EXPECT_EQ(result.expectations[0].verdict, verdict::fail);
  EXPECT_EQ(result.expectations[0].observed, "500 of 500");
  EXPECT_EQ(result.expectations[1].verdict, verdict::pass);
}

TEST_P(Retained, IsFoundStaleWhereTheBrokerKeepsTheOlder) {
  const record::run_result result =
      simulate(retained_states(GetParam()), "keep-older-retained-message:1/1");
  ASSERT_EQ(result.expectations.size(), 2U);
  EXPECT_EQ(result.expectations[0].verdict, verdict::pass);
  EXPECT_EQ(result.expectations[1].verdict, verdict::fail);
  EXPECT_EQ(result.measured.retained.stale, 500U);
}

INSTANTIATE_TEST_SUITE_P(OfEachVersion, Retained, testing::Values("3.1.1", "5.0"));

// Its last message may be the one on the topic, and nobody would know it.
TEST(Expectations, OfRetainedMessagesLeaveOutWhatAnUnstampedMessageMayHaveReplaced) {
  const std::string others =
      "name: states\nduration: 5s\nfleet:\n  - group: ovens\n    count: 3\n    publish:\n"
      "      - {topic: 'state/{index}', every: 1s, qos: 1, retain: true, payload: warm}\n"
      "  - group: strangers\n    count: 2\n    publish:\n"
      "      - {topic: 'state/{index}', every: 1s, qos: 1, retain: true, payload: cold, stamp: "
      "none}\nexpect:\n  - {retained_missing: 0, retained_stale: 0}\n";
  const record::run_result result = simulate(others);
  EXPECT_EQ(result.verdict, verdict::pass);
  EXPECT_EQ(result.measured.retained.expected, 1U);
}

TEST(Expectations, OfAnswersFailWhereTheBrokerTakesTheResponseTopicAway) {
  const std::string asking =
      "name: asking\nduration: 5s\nfleet:\n  - group: meters\n    count: 5\n"
      "    subscribe: [{filter: 'get/{index}', qos: 1}]\n"
      "    on_message: [{filter: 'get/{index}', answer: {qos: 1, payload: {json: {kwh: 7}}}}]\n"
      "  - group: readers\n    count: 5\n    publish:\n"
      "      - {topic: 'get/{index}', every: 500ms, qos: 1, payload: {json: {}},\n"
      "         request: {response_topic: 'reading/{index}', timeout: 1s}}\n"
      "expect:\n  - {answered: 100%, response_time_p99: 500ms}\n";
  const record::run_result right = simulate(asking);
  ASSERT_EQ(right.expectations.size(), 2U);
  for (const auto& each : right.expectations) EXPECT_EQ(each.verdict, verdict::pass) << each.id;
  const record::run_result wrong = simulate(asking, "drop-response-topic");
  ASSERT_EQ(wrong.expectations.size(), 2U);
  EXPECT_EQ(wrong.expectations[0].verdict, verdict::fail) << wrong.expectations[0].observed;
  EXPECT_EQ(wrong.expectations[1].verdict, verdict::inconclusive);
}

TEST(Expectations, OfRetainedMessagesStayUndecidedWithoutAny) {
  const record::run_result result =
      simulate(small_scenario("expect:\n  - {retained_missing: 0, retained_stale: 0}\n"));
  EXPECT_EQ(result.verdict, verdict::inconclusive);
}

TEST(Expectations, AreSeenToFailByABoundThatNothingCanKeep) {
  const record::run_result result =
      simulate(small_scenario("expect:\n  - {latency_p50: 1ms}\n  - {service_time_p50: 1ms}\n"
                              "  - {connect_time_p50: 1ms}\n  - {throughput: 1000000/s}\n"));
  ASSERT_EQ(result.expectations.size(), 4U);
  for (const auto& each : result.expectations) EXPECT_EQ(each.verdict, verdict::fail) << each.id;
}

TEST(Expectations, OfABrokerThatIsNoProcessOfOursStayUndecided) {
  const record::run_result result =
      simulate(small_scenario("expect:\n  - {broker_memory: 1000GB, broker_cpu: 10000%}\n"));
  for (const auto& each : result.expectations) {
    EXPECT_EQ(each.verdict, verdict::inconclusive) << each.id;
    EXPECT_EQ(each.observed, "the broker is not a process that Gauntlet started");
  }
}

std::string in_stages(const std::string& expect) {
  std::string text = small_scenario(expect);
  const std::string whole = "duration: 2s\n";
  return text.replace(text.find(whole), whole.size(),
                      "stages: [{name: calm, duration: 1s}, {name: spike, duration: 1s, load: "
                      "300%}, {name: end, duration: 1s, load: 0%}]\n");
}

TEST(Expectations, HoldByStage) {
  const record::run_result result =
      simulate(in_stages("expect:\n  - {stage: calm, qos: 1, lost: 0}\n"
                         "  - {stage: spike, qos: 1, lost: 0}\n  - {stage: end, qos: 1, lost: 0}\n"
                         "  - {stage: spike, group: senders, qos: 2, lost: 0}\n"),
               "lose-qos1-delivery:1/50");
  ASSERT_EQ(result.expectations.size(), 4U);
  EXPECT_EQ(result.expectations[0].verdict, verdict::fail);
  EXPECT_EQ(result.expectations[1].verdict, verdict::fail);
  // Nothing was due in it.
  EXPECT_EQ(result.expectations[2].verdict, verdict::inconclusive);
  EXPECT_EQ(result.expectations[3].verdict, verdict::pass);
  std::uint64_t calm = 0;
  std::uint64_t spike = 0;
  for (const record::message_flow& flow : result.measured.flows) {
    EXPECT_EQ(flow.account.planned, flow.account.sent);
    EXPECT_EQ(flow.account.expected_deliveries, 3 * flow.account.sent);
    EXPECT_EQ(flow.account.delivered, flow.latency_from_schedule.count());
    (flow.stage == "calm" ? calm : spike) += flow.account.sent;
  }
  EXPECT_EQ(calm, 3U * 20 * 10);
  EXPECT_EQ(spike, 3U * 20 * 30);
}

std::string long_lasting(const std::string& expectation) {
  std::string text = small_scenario("expect:\n  - " + expectation + "\n");
  const std::string whole = "duration: 2s";
  return text.replace(text.find(whole), whole.size(), "duration: 60s");
}

TEST(Expectations, EndARunEarly) {
  const record::run_result result =
      simulate(long_lasting("{lost: 0, abort_on: true, for: 2s}"), "lose-qos1-delivery:1/50");
  EXPECT_EQ(result.ending, record::ending::aborted);
  EXPECT_EQ(result.exit_code, exit_code::expectation_failed);
  EXPECT_EQ(result.verdict, verdict::fail);
  EXPECT_LT(result.duration, std::chrono::seconds(10));
  EXPECT_THAT(result.ending_sentence, HasSubstr("Stopped early, for this was not met for 2s"));
  EXPECT_THAT(result.expectations.front().observed, HasSubstr(" missing, for 2s"));
}

TEST(Expectations, EndARunByWhatIsNarrowed) {
  const record::run_result result =
      simulate(long_lasting("{lost: 0, group: senders, qos: [1], abort_on: true, for: 2s}\n"
                            "  - {lost: 0, qos: 2, abort_on: true, for: 2s}\n"
                            "  - {latency_p99: 10s, group: senders, abort_on: true}\n"
                            "  - {connected: 100%, group: senders, abort_on: true}"),
               "lose-qos1-delivery:1/50");
  EXPECT_EQ(result.ending, record::ending::aborted);
  EXPECT_LT(result.duration, std::chrono::seconds(10));
  EXPECT_THAT(result.ending_sentence, HasSubstr("(group senders, QoS 1)"));
  ASSERT_EQ(result.expectations.size(), 4U);
  EXPECT_EQ(result.expectations[0].verdict, verdict::fail);
  EXPECT_EQ(result.expectations[3].verdict, verdict::pass);

  const record::run_result other = simulate(
      long_lasting("{lost: 0, qos: 2, abort_on: true, for: 2s}"), "lose-qos1-delivery:1/50");
  EXPECT_EQ(other.ending, record::ending::complete);
}

// Nothing ever overtakes what is missing when nothing comes at all.
TEST(Expectations, EndARunInWhichNothingIsDelivered) {
  const record::run_result result =
      simulate(long_lasting("{lost: 0, qos: 1, abort_on: true, for: 2s}"), "lose-qos1-delivery");
  EXPECT_EQ(result.ending, record::ending::aborted);
  EXPECT_LT(result.duration, std::chrono::seconds(15));
  EXPECT_THAT(result.ending_sentence, HasSubstr("owed and nothing delivered"));
}

// What one message overtakes is missing for a moment.
TEST(Expectations, EndNoRunForWhatHeals) {
  const record::run_result result =
      simulate(long_lasting("{lost: 0, abort_on: true, for: 10s}"), "reorder-deliveries:1/1000");
  EXPECT_EQ(result.ending, record::ending::complete) << result.ending_sentence;
  EXPECT_EQ(result.verdict, verdict::pass);
}

// Half of the cars lose their connection, and come back to the sessions that the broker kept.
const std::string struck_cars = R"(name: cars
seed: 3
duration: 60s
disturbances:
  - {at: 20s, storm: {share: 50%, groups: [cars], within: 1s, back_within: 5s}}
fleet:
  - group: watcher
    count: 1
    subscribe: [{filter: "t/#", qos: 1}, {filter: "gone/#", qos: 1}]
  - group: cars
    count: 20
    clean_start: false
    session_expiry: 1h
    will: {topic: "gone/{index}", payload: gone, qos: 1}
    subscribe: [{filter: "command/{index}", qos: 1}]
    publish:
      - {topic: "t/{index}", every: 1s, qos: 1, payload: here}
expect:
  - {wills_missing: 0}
  - {wills_unexpected: 0}
  - {sessions_lost: 0, group: cars}
  - {recovery_max: 30s}
  - {recovery_p50: 1ms}
)";

struct caught_expectations {
  const char* defect;
  std::vector<std::size_t> expectations;  ///< into those of struck_cars; 4 can never be met
};

class AStorm : public testing::TestWithParam<caught_expectations> {};

TEST_P(AStorm, FailsByTheExpectationThatTheDefectBreaks) {
  const record::run_result result = simulate(struck_cars, GetParam().defect);
  EXPECT_EQ(result.ending, record::ending::complete) << result.ending_sentence;
  ASSERT_EQ(result.expectations.size(), 5U);
  for (std::size_t i = 0; i < 5; ++i) {
    const record::expectation_record& each = result.expectations[i];
    const auto& broken = GetParam().expectations;
    const bool fails = i == 4 || std::find(broken.begin(), broken.end(), i) != broken.end();
    EXPECT_EQ(each.verdict, fails ? verdict::fail : verdict::pass)
        << each.sentence << ": " << each.observed;
  }
}

INSTANTIATE_TEST_SUITE_P(
    WithADefect, AStorm,
    testing::Values(caught_expectations{"", {}}, caught_expectations{"lose-will:1/1", {0}},
                    // What was published at CONNECT does not come at the end.
                    caught_expectations{"publish-will-at-connect:1/1", {0, 1}},
                    caught_expectations{"forget-session-at-disconnect:1/1", {2}}));

}  // namespace
}  // namespace gauntlet::sim
