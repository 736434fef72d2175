// Goal: devices leave, stay away and come back as their life cycle says, and neither they nor the
// broker are blamed for what was planned. Method: simulated runs against the reference broker.

#include <chrono>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/sim/engine/hand_broker.hpp"
#include "tests/unit/sim/engine/simulated_run.hpp"

namespace gauntlet::sim {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::Pair;

// Senders of QoS 0, 1 and 2, and one reader who is always there.
std::string with_senders(const std::string& keys, const std::string& rest = "") {
  return "name: life\nseed: 3\nduration: 60s\ndrain: 60s\n" + rest +
         "fleet:\n"
         "  - group: reader\n    count: 1\n    subscribe: [{filter: \"t/#\", qos: 2}]\n"
         "  - group: senders\n    count: 20\n" +
         keys +
         "    publish:\n"
         "      - {topic: \"t/{index}/0\", every: 1s, payload: zero}\n"
         "      - {topic: \"t/{index}/1\", every: 1s, qos: 1, payload: one}\n"
         "      - {topic: \"t/{index}/2\", every: 1s, qos: 2, payload: two}\n";
}

// Readers with these keys, of messages of a sender who is always there.
std::string with_readers(const std::string& keys, const std::string& rest = "") {
  return "name: life\nseed: 3\nduration: 60s\ndrain: 60s\n" + rest +
         "fleet:\n"
         "  - group: readers\n    count: 10\n" +
         keys +
         "    subscribe: [{filter: \"t/#\", qos: 2}]\n"
         "  - group: sender\n    count: 1\n    publish:\n"
         "      - {topic: \"t/0\", every: 1s, payload: zero}\n"
         "      - {topic: \"t/1\", every: 1s, qos: 1, payload: one}\n"
         "      - {topic: \"t/2\", every: 1s, qos: 2, payload: two}\n";
}

constexpr const char* session_kept = "    clean_start: false\n    session_expiry: 1h\n";

void expect_nothing_wrong(const record::run_result& result) {
  const record::delivery_account all = record::total_of(result.measured);
  EXPECT_EQ(all.sent, all.planned);
  EXPECT_EQ(all.not_sent, 0U);
  EXPECT_EQ(all.lost, 0U);
  EXPECT_EQ(all.uncertain, 0U);
  EXPECT_EQ(all.unexpected, 0U);
  EXPECT_EQ(all.reordered, 0U);
  EXPECT_EQ(all.delivered, all.expected_deliveries);
  EXPECT_GT(all.delivered, 0U);
  for (const auto& group : result.measured.connections) {
    EXPECT_TRUE(group.unexpected_disconnects.empty()) << group.group;
    EXPECT_TRUE(group.failures.empty()) << group.group;
    EXPECT_EQ(group.sessions_lost, 0U) << group.group;
    EXPECT_EQ(group.left_open, 0U) << group.group;
    EXPECT_EQ(group.connected, group.closed_by_us) << group.group;
  }
  EXPECT_TRUE(result.measured.protocol_errors.empty());
}

TEST(LifeCycle, SleepersSendWhatBecameDueOnceTheyAreAwake) {
  const auto result = run(with_senders("    life_cycle: {sleep: {awake: 5s, asleep: 15s}}\n" +
                                       std::string(session_kept)));
  expect_nothing_wrong(result);
  const auto& senders = connections(result, "senders");
  EXPECT_EQ(record::total_of(result.measured).sent, 20U * 3U * 60U);
  EXPECT_THAT(senders.planned_departures.counts(), ElementsAre(Pair("clean", testing::Gt(50U))));
  EXPECT_EQ(senders.sessions_resumed, senders.reconnected);
  EXPECT_GE(senders.offline_time.percentile(50), seconds(14));
  EXPECT_LE(senders.offline_time.max(), seconds(16));
  // Messages due while asleep count from the wake-up.
  for (const auto& flow : result.measured.flows) {
    EXPECT_LT(flow.latency_from_schedule.max(), seconds(1)) << flow.group << int{flow.qos};
  }
}

TEST(LifeCycle, SleepersGetWhatTheirSessionKeptForThem) {
  const auto result = run(with_readers("    life_cycle: {sleep: {awake: 3s, asleep: 9s}}\n" +
                                       std::string(session_kept)));
  expect_nothing_wrong(result);
  EXPECT_EQ(record::total_of(result.measured, 1).delivered, 10U * 60U);
  EXPECT_EQ(record::total_of(result.measured, 2).delivered, 10U * 60U);
  // Of QoS 0 they are owed what is sent while they are there.
  EXPECT_LT(record::total_of(result.measured, 0).delivered, 10U * 40U);
}

TEST(LifeCycle, WhoSleepsWithoutASessionIsOwedNothingMeanwhile) {
  for (const char* how : {"clean", "abrupt"}) {
    const auto result = run(with_readers(
        "    life_cycle: {sleep: {awake: 3s, asleep: 9s}, departure: " + std::string(how) + "}\n"));
    expect_nothing_wrong(result);
    EXPECT_EQ(connections(result, "readers").sessions_resumed, 0U);
    EXPECT_LT(record::total_of(result.measured, 2).delivered, 10U * 40U);
  }
}

TEST(LifeCycle, VisitorsComeSendAndLeave) {
  const auto result = run(with_senders("    life_cycle: {visit: {every: 10s}}\n"));
  expect_nothing_wrong(result);
  EXPECT_EQ(record::total_of(result.measured).sent, 20U * 3U * 60U);
  const auto& senders = connections(result, "senders");
  // Each has come before the start, six times, and perhaps for the end.
  EXPECT_GE(senders.connected, 20U * 7U);
  EXPECT_LE(senders.connected, 20U * 8U);
  EXPECT_GT(senders.offline_time.percentile(50), seconds(9));
}

TEST(LifeCycle, FlappingDevicesLoseNothingThatTheirSessionsKeep) {
  const auto result = run(
      with_senders("    life_cycle: {flapping: {up: 4s, down: 1s}}\n" + std::string(session_kept)));
  const auto& senders = connections(result, "senders");
  EXPECT_THAT(senders.planned_departures.counts(), ElementsAre(Pair("abrupt", testing::Gt(100U))));
  EXPECT_TRUE(senders.unexpected_disconnects.empty());
  EXPECT_EQ(senders.sessions_lost, 0U);
  for (const std::uint8_t qos : {std::uint8_t{1}, std::uint8_t{2}}) {
    const record::delivery_account account = record::total_of(result.measured, qos);
    EXPECT_EQ(account.sent, 20U * 60U);
    EXPECT_EQ(account.delivered, account.expected_deliveries);
    EXPECT_EQ(account.lost + account.uncertain + account.unexpected, 0U);
  }
}

TEST(LifeCycle, RoamingDevicesAreTakenOver) {
  const auto result =
      run(with_senders("    life_cycle: {roaming: {every: 7s}}\n" + std::string(session_kept)));
  const auto& senders = connections(result, "senders");
  EXPECT_THAT(senders.planned_departures.counts(), ElementsAre(Pair("roaming", testing::Gt(50U))));
  EXPECT_TRUE(senders.unexpected_disconnects.empty());
  EXPECT_EQ(senders.left_open, 0U);
  EXPECT_EQ(senders.sessions_resumed, senders.reconnected);
  EXPECT_LT(senders.offline_time.max(), seconds(1));
  EXPECT_EQ(record::total_of(result.measured).lost, 0U);
}

TEST(LifeCycle, HalfOpenConnectionsAreClosedByTheBrokerInTime) {
  const auto result =
      run(with_senders("    keep_alive: 4s\n    life_cycle: {sleep: {awake: 5s, asleep: 20s}, "
                       "departure: half_open}\n"));
  const auto& senders = connections(result, "senders");
  EXPECT_THAT(senders.planned_departures.counts(),
              ElementsAre(Pair("half-open", testing::Gt(20U))));
  EXPECT_EQ(senders.left_open, 0U);
  EXPECT_TRUE(senders.unexpected_disconnects.empty());
}

TEST(LifeCycle, ResetsLoseNothingThatTheBrokerOwns) {
  const auto result =
      run(with_senders("    life_cycle: {sleep: {awake: 5s, asleep: 5s}, departure: reset}\n" +
                       std::string(session_kept)));
  const auto& senders = connections(result, "senders");
  EXPECT_THAT(senders.planned_departures.counts(), ElementsAre(Pair("reset", testing::Gt(50U))));
  EXPECT_TRUE(senders.unexpected_disconnects.empty());
  const record::delivery_account all = record::total_of(result.measured);
  EXPECT_EQ(all.lost, 0U);
  EXPECT_EQ(all.sent, all.planned);
  EXPECT_GT(all.delivered, 0U);
}

TEST(LifeCycle, ResetsAreSeenAsResets) {
  hand_broker world(
      "name: a\nduration: 10s\nfleet: [{group: g, count: 1, reconnect: never, publish: [{topic: t, "
      "every: 1s, payload: x}], life_cycle: {sleep: {awake: 2s, asleep: 60s, first: 2s}, "
      "departure: "
      "reset}}]\n");
  world.pass(seconds(3));
  ASSERT_EQ(world.connections.size(), 1U);
  EXPECT_EQ(world.connections[0]->end, net::end_kind::reset);
  EXPECT_THAT(world.connections[0]->all<mqtt::disconnect>(), testing::IsEmpty());
}

TEST(LifeCycle, StormsStrikeVisitorsThatAreThere) {
  const auto result = run(with_senders(
      "    life_cycle: {visit: {every: 10s, linger: 4s}}\n" + std::string(session_kept),
      "disturbances:\n"
      "  - {at: 20s, storm: {groups: [senders], back_within: 500ms}}\n"
      "  - {at: 40s, storm: {groups: [senders], departure: reset}}\n"));
  expect_nothing_wrong(result);
  EXPECT_EQ(record::total_of(result.measured).sent, 20U * 3U * 60U);
  ASSERT_EQ(result.measured.recoveries.size(), 2U);
  for (const record::recovery_account& each : result.measured.recoveries) {
    // A visit takes a little more than four of ten seconds.
    EXPECT_GE(each.concerned, 4U) << each.name;
    EXPECT_LE(each.concerned, 14U) << each.name;
    EXPECT_EQ(each.back_after.count(), each.concerned) << each.name;
    EXPECT_LT(each.back_after.max(), seconds(3)) << each.name;
  }
  const auto& how = connections(result, "senders").planned_departures.counts();
  EXPECT_EQ(how.at("abrupt"), result.measured.recoveries[0].concerned);
  EXPECT_EQ(how.at("reset"), result.measured.recoveries[1].concerned);
}

// Thirty messages come within three seconds; who takes five a second has the last one after six.
TEST(Consumption, FollowsTheRate) {
  const auto fleet = [](const std::string& pace) {
    return "name: slow\nseed: 3\nduration: 3s\ndrain: 60s\nfleet:\n"
           "  - group: readers\n    count: 1\n    keep_alive: 2s\n    consume: " +
           pace +
           "\n    subscribe: [{filter: t, qos: 1}]\n"
           "  - group: sender\n    count: 1\n    publish:\n"
           "      - {topic: t, every: 100ms, first: 0s, qos: 1, payload: {random: 100B}}\n";
  };
  const auto last_of = [](const record::run_result& result) {
    expect_nothing_wrong(result);
    EXPECT_EQ(record::total_of(result.measured).delivered, 30U);
    return result.measured.flows.front().latency_from_schedule.max();
  };
  const duration by_rate = last_of(run(fleet("{rate: 5/s}")));
  EXPECT_GE(by_rate, milliseconds(3000));
  EXPECT_LE(by_rate, milliseconds(3300));
  // A PUBLISH of 107 bytes: fixed header 2, topic 3, identifier 2; and one of properties in 5.0.
  const duration by_bytes = last_of(run(fleet("{bytes_per_second: 540B}")));
  EXPECT_GE(by_bytes, milliseconds(2900));
  EXPECT_LE(by_bytes, milliseconds(3300));
  EXPECT_LT(last_of(run(fleet("{rate: 1000/s}"))), milliseconds(20));
}

TEST(Reconnect, StormRecoversAndIsToldApart) {
  const auto result = run(with_senders(
      "",
      "disturbances:\n"
      "  - {at: 10s, storm: {share: 50%, groups: [senders], within: 1s, back_within: 5s}}\n"
      "  - {at: 30s, storm: {groups: [senders], departure: clean}}\n"));
  ASSERT_EQ(result.measured.recoveries.size(), 2U);
  const record::recovery_account& first = result.measured.recoveries[0];
  EXPECT_EQ(first.name, "storm at 10s");
  EXPECT_EQ(first.concerned, 10U);
  ASSERT_TRUE(first.recovered_after(100).has_value());
  EXPECT_LT(*first.recovered_after(100), milliseconds(6100));
  EXPECT_GT(*first.recovered_after(50), seconds(1));
  const record::recovery_account& second = result.measured.recoveries[1];
  EXPECT_EQ(second.concerned, 20U);
  // Without a time to come back they wait as usual: 1 s, half as long or one and a half.
  EXPECT_GE(second.back_after.min(), milliseconds(500));
  EXPECT_LE(*second.recovered_after(100), milliseconds(1600));
  EXPECT_THAT(connections(result, "senders").planned_departures.counts(),
              ElementsAre(Pair("abrupt", 10U), Pair("clean", 20U)));
  EXPECT_TRUE(connections(result, "reader").planned_departures.empty());
}

mqtt::connack refusal() {
  mqtt::connack answer;
  answer.reason_code = mqtt::reason_code::not_authorized;
  return answer;
}

std::string refused(const std::string& reconnect) {
  return "name: refused\nduration: 10m\nfleet:\n  - {group: g, count: 20, reconnect: " + reconnect +
         "}\n";
}

TEST(Reconnect, NeverMeansNever) {
  hand_broker broker(refused("never"), refusal());
  broker.pass(std::chrono::minutes(2));
  EXPECT_EQ(broker.connections.size(), 20U);
}

TEST(Reconnect, WaitsGrowUpToTheLongest) {
  hand_broker broker(refused("{first: 1s, factor: 2, max: 5s, jitter: 0%}"), refusal());
  // Attempts at 0, 1, 3, 7, 12, 17 seconds.
  for (const auto& [until, attempts] :
       {std::pair{500, 1U}, {1500, 2U}, {3500, 3U}, {7500, 4U}, {12'500, 5U}, {17'500, 6U}}) {
    broker.pass(milliseconds(until) - (broker.loop.now() - broker.begin));
    EXPECT_EQ(broker.connections.size(), 20U * attempts) << until;
  }
}

TEST(Reconnect, JitterSpreadsTheWaitsEvenly) {
  hand_broker broker(
      "name: refused\nduration: 10m\nfleet:\n"
      "  - {group: g, count: 2000, reconnect: {first: 10s, factor: 1, jitter: 50%}}\n",
      refusal());
  broker.pass(seconds(5));
  const std::size_t first = broker.connections.size();
  EXPECT_EQ(first, 2000U);
  for (int second = 5; second < 10; ++second) {
    const std::size_t before = broker.connections.size();
    broker.pass(seconds(1));
    // A tenth each second; five standard deviations.
    EXPECT_NEAR(static_cast<double>(broker.connections.size() - before), 200, 67) << second;
  }
}

TEST(OfflineBuffer, DropsWhatHasNoRoomAndSaysSo) {
  for (const char* victim : {"oldest", "newest"}) {
    const auto result =
        run(with_senders("    offline: {buffer: 6, drop: " + std::string(victim) +
                             "}\n    life_cycle: {sleep: {awake: 10s, asleep: 10s, first: 10s}}\n",
                         ""));
    const record::delivery_account all = record::total_of(result.measured);
    // Three sleeps of ten seconds with thirty messages each, of which six are kept.
    EXPECT_EQ(all.planned, 20U * 180U);
    // A message may become due while the device connects.
    EXPECT_NEAR(static_cast<double>(all.dropped_offline), 20 * 3 * 24, 10) << victim;
    EXPECT_EQ(all.not_sent, all.dropped_offline);
    EXPECT_EQ(all.sent, all.planned - all.dropped_offline);
    EXPECT_EQ(all.delivered, all.sent);
    EXPECT_EQ(all.expected_deliveries, all.delivered);
  }
}

TEST(LifeCycle, IsTheSameOnEveryRun) {
  const std::string text = with_senders("    life_cycle: {flapping: {up: 4s, down: 1s}}\n");
  EXPECT_EQ(run(text).measured, run(text).measured);
}

}  // namespace
}  // namespace gauntlet::sim
