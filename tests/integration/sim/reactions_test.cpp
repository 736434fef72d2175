// Goal: devices react as their scenario says, what they send is judged like the rest, and requests
// are judged by who asked: by figures that a broker which spoils them cannot pass.

#include <chrono>

#include <gtest/gtest.h>

#include "tests/integration/sim/fleet.hpp"

namespace gauntlet::sim {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

record::delivery_account account_of(const record::run_result& result, std::string_view group) {
  record::delivery_account sum;
  for (const record::message_flow& each : result.measured.flows) {
    if (each.group == group) merge(sum, each.account);
  }
  return sum;
}

void expect_clean(const record::delivery_account& account) {
  EXPECT_EQ(account.lost + account.duplicated + account.reordered, 0U);
  EXPECT_EQ(account.uncertain + account.unexpected + account.not_sent, 0U);
  EXPECT_EQ(account.delivered, account.expected_deliveries);
}

// Five readers ask their meter ten times each; each answer takes 100 ms.
std::string requests_of(std::string_view version, std::string_view answer_topic,
                        std::string_view after = "100ms") {
  return "name: requests\nseed: 3\nduration: 5s\nfleet:\n"
         "  - group: meters\n    count: 5\n    protocol: " +
         std::string(version) +
         "\n    subscribe: [{filter: 'Meters/{index}/get', qos: 1}]\n"
         "    on_message: [{filter: 'Meters/{index}/get', answer: {qos: 1, after: " +
         std::string(after) + ", payload: {json: {kwh: 7}}" + std::string(answer_topic) +
         "}}]\n"
         "  - group: readers\n    count: 5\n    protocol: " +
         std::string(version) +
         "\n    publish: [{topic: 'Meters/{index}/get', every: 500ms, qos: 1, payload: {json: "
         "{}},\n"
         "      request: {response_topic: 'Meters/{index}/Reading', timeout: 1s}}]\n";
}
constexpr std::string_view fixed_topic = ", topic: 'Meters/{index}/Reading'";

void expect_all_answered(const record::run_result& result) {
  EXPECT_EQ(result.ending, record::ending::complete) << result.ending_sentence;
  ASSERT_EQ(result.measured.requests.size(), 1U);
  const record::request_account& account = result.measured.requests[0];
  EXPECT_EQ(account.group, "readers");
  EXPECT_EQ(account.requests, 50U);
  EXPECT_EQ(account.answered, 50U);
  EXPECT_EQ(account.timed_out + account.unfinished + account.answered_late, 0U);
  EXPECT_EQ(account.answered_twice + account.wrong_correlation, 0U);
  EXPECT_EQ(account.response_time.count(), 50U);
  EXPECT_GE(account.response_time_from_send.min(), milliseconds(99));
  expect_clean(account_of(result, "readers"));
  EXPECT_EQ(account_of(result, "meters").sent, 50U);
  EXPECT_EQ(account_of(result, "meters").acknowledged, 50U);
}

TEST(Requests, AreAnsweredInBothVersions) {
  for (const std::string& text : {requests_of("5.0", ""), requests_of("3.1.1", fixed_topic),
                                  requests_of("5.0", fixed_topic)}) {
    SCOPED_TRACE(text);
    const fleet_plan plan(parsed_scenario(text));
    const record::run_result result = run(plan, {.simulate = true});
    expect_all_answered(result);
    EXPECT_LE(result.measured.requests[0].response_time.max(), milliseconds(120));
  }
}

TEST(Requests, AreAnsweredOnSocketsAndOverProcesses) {
  const fleet_plan plan(parsed_scenario(requests_of("5.0", "")));
  expect_all_answered(run(plan, {}));
  expect_all_answered(run(plan, {.workers = 2}));
}

TEST(Requests, TimeOutWhenTheAnswerComesTooLate) {
  const fleet_plan plan(parsed_scenario(requests_of("5.0", "", "1500ms")));
  const record::run_result result = run(plan, {.simulate = true});
  const record::request_account& account = result.measured.requests[0];
  EXPECT_EQ(account.requests, 50U);
  EXPECT_EQ(account.answered, 0U);
  EXPECT_EQ(account.timed_out, 50U);
  EXPECT_EQ(account.answered_late, 50U);
}

TEST(Requests, TimeOutWhenNobodyAnswers) {
  const std::string silent =
      "name: requests\nduration: 2s\nfleet:\n"
      "  - {group: readers, count: 1, publish: [{topic: t, every: 500ms, qos: 1, payload: x,"
      " request: {response_topic: r, timeout: 1s}}]}\n";
  const fleet_plan plan(parsed_scenario(silent));
  const record::run_result result = run(plan, {.simulate = true});
  const record::request_account& account = result.measured.requests[0];
  EXPECT_EQ(account.requests, 4U);
  EXPECT_EQ(account.timed_out, 4U);
  EXPECT_EQ(account.unfinished, 0U);
}

TEST(Requests, TellOfBrokersThatSpoilThem) {
  const fleet_plan plan(parsed_scenario(requests_of("5.0", fixed_topic)));
  for (const char* wrong : {"drop-response-topic", "put-response-topic-in-lower-case",
                            "drop-correlation-data", "cut-correlation-data-at-zero-byte"}) {
    SCOPED_TRACE(wrong);
    run_options options{.simulate = true};
    options.target.embedded.defects.push_back(*broker::parse_defect(wrong));
    const record::run_result result = run(plan, options);
    const record::request_account& account = result.measured.requests[0];
    EXPECT_EQ(account.requests, 50U);
    EXPECT_EQ(account.answered, 0U);
    EXPECT_EQ(account.timed_out, 50U);
    EXPECT_GE(account.wrong_correlation, 50U);
  }
}

TEST(Reactions, SayWhatTheySetAndKeepTheirAccount) {
  // The dashboard sets ten ovens twice; each says so, retained, three times in a row.
  const fleet_plan plan(parsed_scenario(R"(name: ovens
seed: 3
duration: 20s
fleet:
  - group: ovens
    count: 10
    sensors: {setpoint: {constant: 180}}
    subscribe: [{filter: "ovens/{index}/set", qos: 1}]
    on_message:
      - filter: "ovens/{index}/set"
        set: {setpoint: /value}
        publish: {topic: "ovens/{index}/state", qos: 1, after: 50ms, count: 3, every: 1s, payload: {json: {on: true}}}
  - group: dashboards
    count: 10
    publish: [{topic: "ovens/{index}/set", first: 1s, every: 8s, count: 2, qos: 1, payload: {json: {value: 200}}}]
    subscribe: [{filter: "ovens/+/state", qos: 1}]
)"));
  const record::run_result result = run(plan, {.simulate = true});
  EXPECT_EQ(result.ending, record::ending::complete) << result.ending_sentence;
  const record::delivery_account ovens = account_of(result, "ovens");
  EXPECT_EQ(ovens.planned, 60U);
  EXPECT_EQ(ovens.sent, 60U);
  EXPECT_EQ(ovens.acknowledged, 60U);
  EXPECT_EQ(ovens.expected_deliveries, 600U);
  expect_clean(ovens);
  expect_clean(account_of(result, "dashboards"));
  EXPECT_TRUE(result.measured.requests.empty());
}

TEST(Reactions, ChangeIntervalsForAWhile) {
  // 10 s apart, from the command at 20.5 s on 1 s apart for ten seconds, then as planned again.
  const fleet_plan plan(parsed_scenario(R"(name: interval
seed: 3
duration: 60s
fleet:
  - group: sensors
    count: 4
    publish: [{topic: "s/{index}", name: values, every: 10s, first: 0s, qos: 1, payload: x}]
    subscribe: [{filter: watch}]
    on_message: [{filter: watch, interval: {publication: values, every: /every, for: 10s}}]
  - group: operator
    count: 1
    publish: [{topic: watch, first: 20500ms, count: 1, payload: {json: {every: 1}}}]
  - group: reader
    count: 1
    subscribe: [{filter: "s/+", qos: 1}]
)"));
  const record::run_result result = run(plan, {.simulate = true});
  const record::delivery_account account = account_of(result, "sensors");
  // At 0, 10, 20; 21.5 to 30.4 nine times; then 40 and 50.
  EXPECT_EQ(account.planned, 4U * (3 + 9 + 2));
  EXPECT_EQ(account.expected_deliveries, account.planned);
  expect_clean(account);
}

TEST(Reactions, LossOfWhatTheySendIsSeen) {
  const fleet_plan plan(parsed_scenario(R"(name: lost
seed: 3
duration: 10s
fleet:
  - group: devices
    count: 5
    subscribe: [{filter: "d/{index}/do", qos: 1}]
    on_message: [{filter: "d/{index}/do", publish: {topic: "d/{index}/done", qos: 1, payload: x}}]
  - group: boss
    count: 5
    publish: [{topic: "d/{index}/do", every: 100ms, qos: 1, payload: x}]
    subscribe: [{filter: "d/{index}/done", qos: 1}]
)"));
  run_options options{.simulate = true};
  options.target.embedded.defects.push_back(*broker::parse_defect("lose-qos1-delivery:1/50"));
  const record::run_result result = run(plan, options);
  EXPECT_GT(account_of(result, "devices").lost, 0U);
}

TEST(Reactions, AreTheSameBitForBitUnderVirtualTime) {
  const fleet_plan plan(parsed_scenario(requests_of("5.0", ", jitter: 50%")));
  const record::run_result first = run(plan, {.simulate = true});
  const record::run_result second = run(plan, {.simulate = true});
  EXPECT_EQ(first.measured.flows, second.measured.flows);
  EXPECT_EQ(first.measured.requests, second.measured.requests);
}

}  // namespace
}  // namespace gauntlet::sim
