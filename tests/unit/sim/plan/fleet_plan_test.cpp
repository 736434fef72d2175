// Goal: who each device is and when it publishes follows from the scenario alone.

#include "sim/plan/fleet_plan.hpp"

#include <algorithm>
#include <set>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gauntlet::sim {
namespace {

using namespace std::chrono_literals;

fleet_plan plan_of(const std::string& text) {
  auto loaded = parse_scenario("name: a\n" + text, "f");
  if (!loaded) ADD_FAILURE() << config::to_failure(loaded.error()).message;
  return fleet_plan(std::move(*loaded));
}

/// A fleet of one group; `keys` describe its only publication.
fleet_plan publishing(const std::string& keys, const std::string& count = "1") {
  return plan_of("duration: 100s\nfleet: [{group: g, count: " + count +
                 ", publish: [{topic: t, payload: x, " + keys + "}]}]\n");
}

std::vector<duration> due_times(const fleet_plan& plan, device_number device) {
  std::vector<duration> times;
  std::uint32_t expected = 0;
  for (auto next = plan.first_message(device, 0); next;
       next = plan.next_message(device, 0, *next)) {
    EXPECT_EQ(next->sequence, expected++);
    times.push_back(next->due);
  }
  return times;
}

TEST(FleetPlan, NumbersDevicesAndStreamsInFileOrder) {
  const fleet_plan plan = plan_of(R"(
duration: 1s
fleet:
  - {group: a, count: 2, publish: [{topic: t, every: 1s, payload: x}, {topic: u, every: 1s, payload: x}]}
  - {group: b, count: 3}
  - {group: c, count: 2, publish: [{topic: t, every: 1s, payload: x}]}
)");
  EXPECT_EQ(plan.device_count(), 7U);
  EXPECT_EQ(plan.stream_count(), 6U);
  EXPECT_EQ(plan.position_of(4).group, 1U);
  EXPECT_EQ(plan.position_of(4).index, 2U);
  EXPECT_EQ(plan.first_of_group(2), 5U);
  EXPECT_EQ(plan.group_of(6).name, "c");
  std::uint32_t stream = 0;
  for (const device_number device : {0U, 1U, 5U, 6U}) {
    for (std::size_t p = 0; p < plan.group_of(device).publish.size(); ++p, ++stream) {
      EXPECT_EQ(plan.stream_of(device, p), stream);
      EXPECT_EQ(plan.source_of(stream).device, device);
      EXPECT_EQ(plan.source_of(stream).publication, p);
    }
  }
}

TEST(FleetPlan, DerivesIdentities) {
  const fleet_plan plan = plan_of(R"(
seed: 5
duration: 1s
fleet:
  - {group: a, count: 2}
  - group: b
    count: 3
    protocol: 5.0
    client_id: "{group}/{index:03}"
    user_name: "u{device}"
    password: "p{seed}"
    will: {topic: "gone/{client_id}", payload: "{index} is gone"}
    publish: [{topic: "x/{client_id}/{index}", every: 1s, payload: x}]
    subscribe: [{filter: "cmd/{index}/#"}, {filter: "jobs/+", share: "s{seed}"}]
)");
  const device_identity plain = plan.identity_of(1);
  EXPECT_EQ(plain.client_id, "a-1");
  EXPECT_FALSE(plain.user_name || plain.password);
  EXPECT_FALSE(plan.will_of(1));
  const device_identity named = plan.identity_of(3);
  EXPECT_EQ(named.client_id, "b/001");
  EXPECT_EQ(named.user_name, "u3");
  EXPECT_EQ(named.password, "p5");
  EXPECT_EQ(plan.will_of(3)->topic, "gone/b/001");
  // The connection of a will is told by the stamp in front of it.
  const std::string will = plan.will_of(3, 7, 2)->payload;
  EXPECT_TRUE(will.ends_with(" 1 is gone")) << will;
  EXPECT_EQ(read_stamp(as_bytes(will)),
            (stamp{.run_id = 7, .stream = plan.stream_count() + 3, .sequence = 2}));
  EXPECT_EQ(plan.topic_of(3, 0), "x/b/001/1");
  EXPECT_EQ(plan.filter_of(3, 0), "cmd/1/#");
  EXPECT_EQ(plan.filter_of(3, 1), "$share/s5/jobs/+");
}

TEST(FleetPlan, SharesProtocolVersionsExactly) {
  const auto v5_devices = [](const std::string& percent, const std::string& rest) {
    const fleet_plan plan =
        plan_of("duration: 1s\nfleet: [{group: g, count: 1000, protocol: {5.0: " + percent +
                "%, 3.1.1: " + rest + "%}}]\n");
    int count = 0;
    for (device_number device = 0; device < 1'000; ++device) {
      count += plan.version_of(device) == mqtt::protocol_version::v5 ? 1 : 0;
    }
    return count;
  };
  EXPECT_EQ(v5_devices("100", "0"), 1'000);
  EXPECT_EQ(v5_devices("0", "100"), 0);
  EXPECT_EQ(v5_devices("50", "50"), 500);
  EXPECT_EQ(v5_devices("33.3", "66.7"), 333);
  EXPECT_EQ(v5_devices("0.1", "99.9"), 1);
}

TEST(FleetPlan, LetsDevicesArrive) {
  const auto arrivals = [](const std::string& how) {
    const fleet_plan plan =
        plan_of("duration: 1h\narrival: " + how + "\nfleet: [{group: g, count: 100}]\n");
    EXPECT_EQ(plan.arrival_of(0), 0s);
    EXPECT_EQ(plan.arrival_end(), plan.arrival_of(99));
    return std::pair(plan.arrival_of(25), plan.arrival_of(99));
  };
  EXPECT_EQ(arrivals("all_at_once"), std::pair(duration(0s), duration(0s)));
  EXPECT_EQ(arrivals("{rate: 10/s}"), std::pair(duration(2500ms), duration(9900ms)));
  const auto [quarter, last] = arrivals("{ramp: 10s}");
  EXPECT_EQ(quarter, 5s);  // the number grows with the square of the time
  EXPECT_TRUE(last > 9900ms && last < 10s);
}

TEST(FleetPlan, SpreadsDevicesOverTheInterval) {
  const fleet_plan plan = publishing("every: 10s", "1000");
  std::vector<int> tenths(10);
  for (device_number device = 0; device < 1'000; ++device) {
    const auto times = due_times(plan, device);
    ASSERT_EQ(times.size(), 10U);
    ++tenths[static_cast<std::size_t>(times[0] / 1s)];
    for (std::size_t i = 1; i < times.size(); ++i) EXPECT_EQ(times[i] - times[i - 1], 10s);
  }
  EXPECT_GT(*std::min_element(tenths.begin(), tenths.end()), 60);
}

TEST(FleetPlan, KeepsJitterWithinItsIntervalAndInOrder) {
  const auto times = due_times(publishing("every: 10ms, first: 0s, jitter: 100%"), 0);
  ASSERT_EQ(times.size(), 10'000U);
  duration sum{};
  for (std::size_t i = 0; i < times.size(); ++i) {
    const duration late = times[i] - 10ms * static_cast<std::int64_t>(i);
    ASSERT_TRUE(late >= 0ms && late < 10ms) << i;
    sum += late;
  }
  EXPECT_TRUE(std::is_sorted(times.begin(), times.end()));
  EXPECT_NEAR(static_cast<double>((sum / 10'000).count()), 5e6, 2e5);
}

TEST(FleetPlan, DrawsExponentialIntervals) {
  const auto times = due_times(publishing("every: 10ms, poisson: true"), 0);
  EXPECT_NEAR(static_cast<double>(times.size()), 10'000, 400);
  EXPECT_TRUE(std::is_sorted(times.begin(), times.end()));
  int long_gaps = 0;
  for (std::size_t i = 1; i < times.size(); ++i) long_gaps += times[i] - times[i - 1] > 20ms;
  EXPECT_NEAR(long_gaps / 10'000.0, 0.135, 0.02);
}

TEST(FleetPlan, EndsWithCountOrDuration) {
  EXPECT_THAT(due_times(publishing("every: 10s, first: 1s, count: 3"), 0),
              testing::ElementsAre(1s, 11s, 21s));
  EXPECT_EQ(due_times(publishing("every: 10s, first: 0s"), 0).size(), 10U);
  EXPECT_THAT(due_times(publishing("first: 99s, count: 1"), 0), testing::ElementsAre(99s));
}

TEST(FleetPlan, CountsFromTheDevicesArrivalIfAsked) {
  const fleet_plan plan = plan_of(
      "duration: 100s\npublishing: on_arrival\narrival: {rate: 1/s}\nfleet: [{group: g, count: 50, "
      "publish: [{topic: t, payload: x, first: 2s, every: 10s}]}]\n");
  EXPECT_EQ(due_times(plan, 40).front(), 42s);
  EXPECT_EQ(due_times(plan, 40).size(), 6U);
}

TEST(FleetPlan, DoesNotChangeWhenAnotherGroupIsAdded) {
  const std::string group =
      "{group: g, count: 2, publish: [{topic: t, every: 1s, jitter: 50%, payload: {random: 50B}}]}";
  const fleet_plan alone = plan_of("duration: 9s\nfleet: [" + group + "]\n");
  const fleet_plan second = plan_of("duration: 9s\nfleet: [{group: f, count: 7}, " + group + "]\n");
  EXPECT_EQ(due_times(alone, 1), due_times(second, 8));
  byte_buffer one;
  byte_buffer two;
  alone.append_payload(1, 0, *alone.first_message(1, 0), one);
  second.append_payload(8, 0, *second.first_message(8, 0), two);
  EXPECT_EQ(one, two);
}

TEST(FleetPlan, PutsItsStampWhereItsLayoutSays) {
  const fleet_plan plan = publishing("every: 1s", "3");
  byte_buffer payload;
  const auto message = plan.next_message(2, 0, *plan.first_message(2, 0));
  plan.append_payload(2, 0, *message, payload);
  EXPECT_EQ(read_stamp(payload),
            (stamp{.stream = 2, .sequence = 1, .scheduled = message->due, .sent = {}}));
  EXPECT_EQ(plan.layout_of(0, 0).as, stamp_layout::encoding::hexadecimal);
}

}  // namespace
}  // namespace gauntlet::sim
