// Goal: a whole run counts every message, alike on sockets, under virtual time and over processes,
// and a broker that does wrong is caught by the figure that says how.

#include <chrono>

#include <gtest/gtest.h>

#include "tests/integration/sim/fleet.hpp"

namespace gauntlet::sim {
namespace {

// Each sender sends 20 messages at each QoS to three readers.
constexpr std::uint64_t messages = 20 * 20;
constexpr std::uint64_t deliveries = 3 * messages;

void expect_nothing_wrong(const record::run_result& result) {
  EXPECT_EQ(result.ending, record::ending::complete) << result.ending_sentence;
  for (std::uint8_t qos = 0; qos <= 2; ++qos) {
    const record::delivery_account account = record::total_of(result.measured, qos);
    EXPECT_EQ(account.planned, messages) << "QoS " << int{qos};
    EXPECT_EQ(account.sent, messages);
    EXPECT_EQ(account.acknowledged, qos == 0 ? 0 : messages);
    EXPECT_EQ(account.not_sent, 0U);
    EXPECT_EQ(account.expected_deliveries, deliveries);
    EXPECT_EQ(account.delivered, deliveries);
    EXPECT_EQ(account.lost + account.duplicated + account.reordered, 0U);
    EXPECT_EQ(account.uncertain + account.unexpected, 0U);
  }
}

TEST(RunScenario, AccountsForEveryMessageOnTheEmbeddedBroker) {
  const fleet_plan plan(parsed_scenario(small_scenario()));
  record::run_result result = run(plan, {});
  expect_nothing_wrong(result);
  EXPECT_EQ(result.measured.connection("senders").connected, 20U);
  EXPECT_EQ(result.measured.connection("readers").subscriptions_granted, 9U);
  EXPECT_TRUE(result.measured.connection("senders").unexpected_disconnects.empty());
}

TEST(RunScenario, AccountsAlikeUnderVirtualTime) {
  const fleet_plan plan(parsed_scenario(small_scenario()));
  expect_nothing_wrong(run(plan, {.simulate = true}));
}

TEST(RunScenario, AccountsAlikeOverSeveralWorkerProcesses) {
  const fleet_plan plan(parsed_scenario(small_scenario()));
  const record::run_result result = run(plan, {.workers = 3});
  expect_nothing_wrong(result);
  EXPECT_EQ(result.measured.generator.workers.size(), 3U);
}

// Each worker process has links of its own; what their faults did is one account and one log.
TEST(RunScenario, TellsOfFaultsInWorkerProcesses) {
  const fleet_plan plan(parsed_scenario(
      small_scenario("faults:\n  - name: cut\n    groups: [senders]\n"
                     "    when: {packet: puback, direction: to_client, nth: 5, times: 1}\n"
                     "    cut: {moment: after}\n"
                     "  - {name: late, at: 500ms, for: 500ms, latency: {by: 1ms}}\n")));
  const record::run_result result = run(plan, {.workers = 3});
  ASSERT_EQ(result.faults.size(), 2U);
  EXPECT_EQ(result.faults[0].strikes, 20U);
  ASSERT_EQ(result.faults[1].active.size(), 1U);
  const duration lasted = result.faults[1].active[0].until - result.faults[1].active[0].from;
  EXPECT_GE(lasted, std::chrono::milliseconds(400));
  EXPECT_LE(lasted, std::chrono::seconds(1));
  int begins = 0;
  int strikes = 0;
  for (const record::event& each : result.measured.events.events()) {
    begins += each.text.starts_with("fault cut begins: ") ? 1 : 0;
    strikes += each.text.starts_with("fault cut strikes: PUBACK ") ? 1 : 0;
  }
  EXPECT_EQ(begins, 1);
  EXPECT_EQ(strikes, 5) << "the first ones";
  record::connection_account senders;
  for (const auto& each : result.measured.connections) {
    if (each.group == "senders") senders = each;
  }
  EXPECT_EQ(senders.disconnected_by_faults.total(), 20U);
  EXPECT_TRUE(senders.unexpected_disconnects.empty());
}

TEST(RunScenario, IsTheSameBitForBitUnderVirtualTime) {
  const fleet_plan plan(parsed_scenario(small_scenario()));
  const record::run_result first = run(plan, {.simulate = true});
  const record::run_result second = run(plan, {.simulate = true});
  EXPECT_EQ(first.measured.flows, second.measured.flows);
  EXPECT_EQ(first.measured.connections, second.measured.connections);
}

struct caught_defect {
  const char* defect;
  std::uint8_t qos;
  std::uint64_t record::delivery_account::*figure;
};

class BrokerWithADefect : public testing::TestWithParam<caught_defect> {};

TEST_P(BrokerWithADefect, FailsByTheFigureThatShowsIt) {
  const fleet_plan plan(parsed_scenario(small_scenario(
      "expect:\n  - {lost: 0, qos: [1, 2]}\n  - {duplicated: 0, qos: 2}\n  - {reordered: 0}\n")));
  run_options options{.simulate = true};
  options.target.embedded.defects.push_back(*broker::parse_defect(GetParam().defect));
  const record::run_result result = run(plan, options);
  EXPECT_EQ(result.verdict, record::verdict::fail);
  EXPECT_EQ(result.exit_code, exit_code::expectation_failed);
  for (const auto figure : {&record::delivery_account::lost, &record::delivery_account::duplicated,
                            &record::delivery_account::reordered}) {
    const std::uint64_t seen = record::total_of(result.measured, GetParam().qos).*figure;
    if (figure == GetParam().figure) {
      EXPECT_GT(seen, 0U);
    } else {
      EXPECT_EQ(seen, 0U);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(EachOfTheThree, BrokerWithADefect,
                         testing::Values(caught_defect{"lose-qos1-delivery:1/50", 1,
                                                       &record::delivery_account::lost},
                                         caught_defect{"deliver-qos2-twice:1/50", 2,
                                                       &record::delivery_account::duplicated},
                                         caught_defect{"reorder-deliveries:1/50", 1,
                                                       &record::delivery_account::reordered}));

}  // namespace
}  // namespace gauntlet::sim
