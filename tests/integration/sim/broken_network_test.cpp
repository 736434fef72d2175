// Goal: whatever the network does to connections, the account of a correct broker shows nothing
// wrong. Method: simulated runs over a network that delays, splits, loses and breaks, with many
// seeds.

#include <chrono>
#include <string>

#include <gtest/gtest.h>

#include "tests/integration/sim/fleet.hpp"

namespace gauntlet::sim {
namespace {

using std::chrono::milliseconds;

// Sessions that outlive connections, or not, as `session` says.
std::string breaking_scenario(std::uint64_t seed, const std::string& session) {
  return "name: breaking\nseed: " + std::to_string(seed) + R"(
duration: 20s
drain: 60s
fleet:
  - group: senders
    count: 10
)" + session +
         R"(
    publish:
      - {topic: "t/{index}/q0", every: 200ms, qos: 0, payload: "zero"}
      - {topic: "t/{index}/q1", every: 200ms, qos: 1, payload: "one"}
      - {topic: "t/{index}/q2", every: 200ms, qos: 2, payload: "two"}
  - group: readers
    count: 3
)" + session +
         R"(
    subscribe:
      - {filter: "t/+/q0", qos: 0}
      - {filter: "t/+/q1", qos: 1}
      - {filter: "t/+/q2", qos: 2}
)";
}

run_options breaking_options() {
  run_options options{.simulate = true};
  options.simulated_network = {.delay_min = milliseconds(1),
                               .delay_max = milliseconds(20),
                               .segment_bytes_max = 500,
                               .loss = 0.01,
                               .breakage = 0.0005};
  return options;
}

std::uint64_t disconnects(const record::run_result& result) {
  std::uint64_t total = 0;
  for (const auto& group : result.measured.connections) {
    total += group.unexpected_disconnects.total();
  }
  return total;
}

// What makes sessions of each version outlive their connections.
constexpr const char* persistent_v3_1_1 = "    protocol: 3.1.1\n    clean_start: false";
constexpr const char* persistent_v5 =
    "    protocol: 5.0\n    clean_start: false\n    session_expiry: 1h";

void expect_all_delivered(const record::run_result& result) {
  EXPECT_EQ(result.ending, record::ending::complete) << result.ending_sentence;
  EXPECT_GT(disconnects(result), 0U);
  EXPECT_TRUE(result.measured.protocol_errors.empty())
      << result.measured.protocol_errors.counts().begin()->first;
  for (const std::uint8_t qos : {std::uint8_t{1}, std::uint8_t{2}}) {
    const record::delivery_account account = record::total_of(result.measured, qos);
    EXPECT_EQ(account.planned, 10U * 100U);
    EXPECT_EQ(account.sent, account.planned);
    EXPECT_EQ(account.acknowledged, account.planned);
    EXPECT_EQ(account.expected_deliveries, 3 * account.planned);
    EXPECT_EQ(account.delivered, account.expected_deliveries) << "QoS " << int{qos};
    EXPECT_EQ(account.lost + account.uncertain + account.unexpected, 0U);
    EXPECT_EQ(account.reordered, 0U);
  }
  EXPECT_EQ(record::total_of(result.measured, 2).duplicated, 0U);
}

class BrokenNetwork : public testing::TestWithParam<std::uint64_t> {};

TEST_P(BrokenNetwork, LosesAndDoublesNothingOfPersistentSessionsInV3) {
  const fleet_plan plan(parsed_scenario(breaking_scenario(GetParam(), persistent_v3_1_1)));
  expect_all_delivered(run(plan, breaking_options()));
}

TEST_P(BrokenNetwork, LosesAndDoublesNothingOfPersistentSessionsInV5) {
  const fleet_plan plan(parsed_scenario(breaking_scenario(GetParam(), persistent_v5)));
  expect_all_delivered(run(plan, breaking_options()));
}

TEST_P(BrokenNetwork, ConvictsNobodyOverSessionsThatEndWithTheirConnections) {
  const fleet_plan plan(
      parsed_scenario(breaking_scenario(GetParam(), "    protocol: {3.1.1: 50%, 5.0: 50%}")));
  const record::run_result result = run(plan, breaking_options());
  EXPECT_GT(disconnects(result), 0U);
  for (const std::uint8_t qos : {std::uint8_t{1}, std::uint8_t{2}}) {
    const record::delivery_account account = record::total_of(result.measured, qos);
    EXPECT_EQ(account.lost, 0U) << "QoS " << int{qos};
    EXPECT_EQ(account.unexpected, 0U);
    EXPECT_GT(account.delivered, 0U);
  }
}

// A network so slow that the drain time is over first: nobody can say yet what is lost.
TEST(SlowNetwork, LeavesUncertainWhatIsUnderWayAtTheEnd) {
  const fleet_plan plan(parsed_scenario(small_scenario("drain: 1s\nexpect:\n  - {lost: 0}\n")));
  run_options options{.simulate = true};
  options.simulated_network = {.delay_min = milliseconds(1200), .delay_max = milliseconds(1200)};
  const record::run_result result = run(plan, options);
  const record::delivery_account account = record::total_of(result.measured);
  EXPECT_EQ(account.lost, 0U);
  EXPECT_GT(account.uncertain, 0U);
  EXPECT_EQ(result.verdict, record::verdict::inconclusive);
  EXPECT_EQ(result.exit_code, exit_code::expectation_failed);
}

INSTANTIATE_TEST_SUITE_P(Seeds, BrokenNetwork, testing::Range<std::uint64_t>(1, 13));

}  // namespace
}  // namespace gauntlet::sim
