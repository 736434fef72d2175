// Goal: what several workers measured adds up to the same whoever is merged first.

#include "harness/record/measurements.hpp"

#include <gtest/gtest.h>

namespace gauntlet::record {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

measurements of_worker(std::uint32_t id) {
  measurements made;
  auto& flow = made.flow(id % 2 == 0 ? "thermostats" : "doors", static_cast<std::uint8_t>(id % 3));
  flow.account.planned = 10 * id;
  flow.account.sent = 9 * id;
  flow.account.not_sent = id;
  flow.account.delivered = 8 * id;
  flow.latency_from_schedule.record(milliseconds{id}, id);
  flow.acknowledgement_time.record(milliseconds{2 * id});
  auto& connection = made.connection("thermostats");
  connection.attempts = id;
  connection.failures.add("connection refused", id);
  connection.failures.add("timeout after " + std::to_string(id));
  connection.connect_time.record(milliseconds{id});
  made.wills.expected = id;
  made.retained.stale = id;
  made.foreign_messages = id;
  made.protocol_errors.add("packet identifier 0");
  made.generator.workers.push_back({.id = id, .devices = 5, .finished = true});
  made.generator.schedule_lag.record(milliseconds{id});
  made.series.at(seconds{id}).sent = id;
  for (int i = 0; i < 600; ++i) {
    made.events.add({.at = milliseconds{i * 10 + static_cast<int>(id)},
                     .source = "worker " + std::to_string(id),
                     .text = "event"});
  }
  return made;
}

measurements merged(measurements into, const measurements& other) {
  merge(into, other);
  return into;
}

TEST(Measurements, MergingIsAssociative) {
  const auto a = of_worker(1);
  const auto b = of_worker(2);
  const auto c = of_worker(3);
  EXPECT_EQ(merged(merged(a, b), c), merged(a, merged(b, c)));
}

TEST(Measurements, MergingAddsWhatBelongsTogether) {
  const auto all = merged(merged(of_worker(2), of_worker(8)), of_worker(3));
  ASSERT_EQ(all.flows.size(), 2U);
  EXPECT_EQ(all.flows[0].group, "thermostats");
  EXPECT_EQ(all.flows[0].qos, 2);
  EXPECT_EQ(all.flows[0].account.planned, 100U);
  EXPECT_EQ(all.flows[0].latency_from_schedule.count(), 10U);
  EXPECT_EQ(all.connections[0].attempts, 13U);
  EXPECT_EQ(all.connections[0].failures.counts().at("connection refused"), 13U);
  EXPECT_EQ(all.wills.expected, 13U);
  EXPECT_EQ(all.generator.workers.size(), 3U);
  EXPECT_EQ(total_of(all).sent, 117U);
  EXPECT_EQ(total_of(all, 0).sent, 27U);
}

TEST(Measurements, MergingNothingChangesNothing) {
  const auto one = of_worker(4);
  EXPECT_EQ(merged(one, {}), one);
  EXPECT_EQ(merged({}, one), one);
}

TEST(Recovery, IsToldOfThoseConcernedAndNotOfThoseBack) {
  measurements all;
  recovery_account& storm = all.recovery("storm at 1m", std::chrono::minutes(1));
  EXPECT_FALSE(storm.recovered_after(50).has_value());
  storm.concerned = 10;
  storm.back_after.record(milliseconds{10}, 5);
  storm.back_after.record(milliseconds{30}, 4);
  EXPECT_EQ(storm.recovered_after(50)->count() / 1'000'000, 10);
  EXPECT_EQ(storm.recovered_after(90), milliseconds{30});
  EXPECT_FALSE(storm.recovered_after(99).has_value());
  merge(all, measurements(all));
  EXPECT_EQ(all.recoveries.size(), 1U);
  EXPECT_EQ(all.recoveries[0].concerned, 20U);
  EXPECT_EQ(all.recoveries[0].back_after.count(), 18U);
}

TEST(EventLog, KeepsBothEndsInOrderAndCountsTheRest) {
  event_log log;
  for (int i = 5'000; i-- > 0;) log.add({.at = milliseconds{i}, .text = std::to_string(i)});
  ASSERT_EQ(log.events().size(), event_log::events_max);
  EXPECT_EQ(log.dropped(), 4'000U);
  EXPECT_EQ(log.events().front().text, "0");
  EXPECT_EQ(log.events()[499].text, "499");
  EXPECT_EQ(log.events()[500].text, "4500");
  EXPECT_EQ(log.events().back().text, "4999");
}

TEST(CountedReasons, ManyDifferentOnesAreBounded) {
  counted_reasons reasons;
  for (int i = 0; i < 1'000; ++i) reasons.add("reason " + std::to_string(i));
  reasons.add("reason 0", 5);
  EXPECT_EQ(reasons.counts().size(), counted_reasons::different_max + 1);
  EXPECT_EQ(reasons.counts().at("reason 0"), 6U);
  EXPECT_EQ(reasons.total(), 1'005U);
}

}  // namespace
}  // namespace gauntlet::record
