// Goal: the digest of a plan depends on the scenario and its seed, and on nothing else.

#include "sim/plan/plan_digest.hpp"

#include <gtest/gtest.h>

#include "sim/plan/plan_summary.hpp"
#include "sim/sparkplug/host_application.hpp"
#include "sim/sparkplug/topic.hpp"

namespace gauntlet::sim {
namespace {

using namespace std::chrono_literals;

fleet_plan sample_plan(const std::string& seed = "1", const std::string& temperature = "20") {
  const auto loaded =
      parse_scenario("name: a\nseed: " + seed + R"(
duration: 20s
arrival: {rate: 10/s}
fleet:
  - group: thermostats
    count: 37
    protocol: {3.1.1: 50%, 5.0: 50%}
    publish:
      - {topic: "t/{index}", every: 3s, jitter: 20%, qos: 1,
         payload: {json: {v: {walk: {start: )" +
                         temperature + R"(, step: 0.5}}, n: {normal: {mean: 5, stddev: 2}}}}}
      - {topic: "s/{index}", every: 5s, poisson: true, retain: true, payload: {random: 60B}}
  - {group: dashboards, count: 3, subscribe: [{filter: "t/#"}]}
  - {group: doors, count: 11, publish: [{topic: "d/{client_id}", every: 2s, qos: 2, payload: "open"}]}
)",
                     "f");
  if (!loaded) ADD_FAILURE() << config::to_failure(loaded.error()).message;
  return fleet_plan(*loaded);
}

/// The digest as `workers` workers make it, each for a run of devices, the last one first.
sha256_digest digest_by(const fleet_plan& plan, device_number workers) {
  std::vector<sha256_digest> all(plan.device_count());
  for (device_number worker = workers; worker-- > 0;) {
    const device_number first = plan.device_count() * worker / workers;
    const device_number last = plan.device_count() * (worker + 1) / workers;
    const auto part = digest_devices(plan, first, last);
    std::copy(part.begin(), part.end(), all.begin() + first);
  }
  return combine_digests(all);
}

TEST(PlanDigest, IsTheSameForAnyNumberOfWorkers) {
  const fleet_plan plan = sample_plan();
  const sha256_digest whole = digest_plan(plan);
  EXPECT_EQ(digest_by(plan, 1), whole);
  EXPECT_EQ(digest_by(plan, 2), whole);
  EXPECT_EQ(digest_by(plan, 5), whole);
  EXPECT_EQ(digest_plan(sample_plan()), whole);
}

TEST(PlanDigest, KnowsHowDevicesLive) {
  const auto digest_of = [](const std::string& keys, const std::string& rest = "") {
    const auto loaded =
        parse_scenario("name: a\nduration: 1m\n" + rest + "fleet: [{group: g, count: 3, " + keys +
                           "publish: [{topic: t, every: 1s, payload: x}]}]\n",
                       "f");
    if (!loaded) ADD_FAILURE() << config::to_failure(loaded.error()).message;
    return digest_plan(fleet_plan(*loaded));
  };
  const auto sleeps = [&](const std::string& asleep, const std::string& leaves = "clean") {
    return digest_of("life_cycle: {sleep: {awake: 5s, asleep: " + asleep +
                     "}, departure: " + leaves + "}, ");
  };
  EXPECT_NE(sleeps("5s"), digest_of(""));
  EXPECT_NE(sleeps("5s"), sleeps("6s"));
  EXPECT_NE(sleeps("5s"), sleeps("5s", "reset"));
  EXPECT_EQ(sleeps("5s"), sleeps("5s"));
  EXPECT_NE(digest_of("", "disturbances: [{at: 5s, storm: {}}]\n"), digest_of(""));
}

// What a host application would see of an edge node is what the digest covers.
TEST(PlanDigest, CoversTheMessagesOfEdgeNodes) {
  const auto plan_of = [](const std::string& metric, const std::string& more = "") {
    const auto loaded = parse_scenario(
        "name: a\nduration: 10m\nfleet: [{group: g, count: 2, sparkplug: {group_id: p, every: 10s, "
        "devices: [{id: 'm-{n}', count: 2, metrics: {x: " +
            metric + "}" + more + "}]}}]\n",
        "f");
    if (!loaded) ADD_FAILURE() << config::to_failure(loaded.error()).message;
    return fleet_plan(*loaded);
  };
  const std::string counts = "{counter: {}}";
  EXPECT_EQ(digest_plan(plan_of(counts)), digest_plan(plan_of(counts)));
  EXPECT_NE(digest_plan(plan_of(counts)), digest_plan(plan_of("{counter: {step: 2}}")));
  const std::string outages = ", outages: {every: 1m, for: 20s}";
  EXPECT_NE(digest_plan(plan_of(counts)), digest_plan(plan_of(counts, outages)));

  sparkplug::host_application host;
  const fleet_plan plan = plan_of(counts, outages);
  for (device_number device = 0; device < plan.device_count(); ++device) {
    for_each_planned(plan, device, [&](const planned_publish& each) {
      const auto parts = sparkplug::parse_topic(each.topic);
      ASSERT_TRUE(parts.has_value());
      // Data of a device that is dead wait in a run; here they stand at their own time.
      if (parts->type == sparkplug::message_type::ddata && host.devices_alive() < 4) return;
      host.on_message(each.topic, each.payload, each.retain);
    });
  }
  EXPECT_EQ(host.messages(sparkplug::message_type::nbirth), 2U);
  EXPECT_GE(host.messages(sparkplug::message_type::dbirth), 4U + 10U);
  EXPECT_GE(host.messages(sparkplug::message_type::ddeath), 10U);
  EXPECT_EQ(host.count(sparkplug::fault::unreadable), 0U);
  EXPECT_EQ(host.count(sparkplug::fault::birth_incomplete), 0U);
}

TEST(PlanDigest, IsFixed) {
  // Another value means that scenarios no longer do what they did: results of older versions can
  // no longer be compared. Change it only on purpose, and say so in the change log.
  EXPECT_EQ(digest_text(digest_plan(sample_plan())),
            "1e99f7ef279e21303677c99d762292b2f0d664f824810bc3a63d0ed57cee0aa2");
}

TEST(PlanDigest, DiffersForAnotherSeedOrScenario) {
  const sha256_digest whole = digest_plan(sample_plan());
  EXPECT_NE(digest_plan(sample_plan("2")), whole);
  EXPECT_NE(digest_plan(sample_plan("1", "21")), whole);
}

TEST(ForEachPlanned, GoesInOrderOfTime) {
  const fleet_plan plan = sample_plan();
  duration last{};
  std::size_t count = 0;
  std::array<std::uint32_t, 2> next{};
  for_each_planned(plan, 5, [&](const planned_publish& each) {
    EXPECT_GE(each.due, last);
    last = each.due;
    ++count;
    EXPECT_EQ(each.sequence, next.at(each.publication)++);
    EXPECT_EQ(each.client_id, "thermostats-5");
    EXPECT_EQ(each.topic, each.publication == 0 ? "t/5" : "s/5");
    EXPECT_EQ(each.qos, each.publication == 0 ? mqtt::qos::at_least_once : mqtt::qos::at_most_once);
    EXPECT_EQ(each.retain, each.publication == 1);
    const auto carried = read_stamp(each.payload);
    ASSERT_TRUE(carried);
    EXPECT_EQ(carried->stream, plan.stream_of(5, each.publication));
    EXPECT_EQ(carried->scheduled, each.due);
    EXPECT_EQ(carried->run_id, 0U);
    EXPECT_EQ(carried->sent, 0s);
  });
  EXPECT_GT(count, 8U);
  for_each_planned(plan, 38, [](const planned_publish&) { FAIL() << "a dashboard publishes"; });
}

TEST(PlanDigest, CoversTheBeginningOfALongPlan) {
  const auto plan_over = [](const std::string& time) {
    auto loaded = parse_scenario("name: a\nduration: " + time +
                                     "\nfleet: [{group: g, count: 10, publish: [{topic: t, every: "
                                     "100ms, payload: x}]}]\n",
                                 "f");
    EXPECT_TRUE(loaded);
    return fleet_plan(std::move(*loaded));
  };
  EXPECT_EQ(digest_depth(summarize(plan_over("1h"))), whole_plan);
  EXPECT_EQ(digest_depth(summarize(plan_over("24h"))), 200'000U);
  // Where the plans are equal, so are the digests.
  EXPECT_EQ(digest_plan(plan_over("1h"), 50), digest_plan(plan_over("24h"), 50));
  EXPECT_NE(digest_plan(plan_over("1h"), 50), digest_plan(plan_over("1h"), 51));
  EXPECT_EQ(digest_plan(plan_over("5s"), 50), digest_plan(plan_over("5s")));
}

TEST(PlanSummary, CountsDevicesMessagesAndDeliveries) {
  const fleet_plan plan = sample_plan();
  std::array<double, 3> messages{};
  for (device_number device = 0; device < plan.device_count(); ++device) {
    for_each_planned(plan, device, [&](const planned_publish& each) {
      ++messages.at(static_cast<std::size_t>(each.qos));
    });
  }
  const plan_summary sum = summarize(plan);
  EXPECT_EQ(sum.devices, 51U);
  EXPECT_EQ(sum.devices_v3_1_1, 19U);
  EXPECT_EQ(sum.devices_v5, 32U);
  EXPECT_EQ(sum.publishers, 48U);
  EXPECT_EQ(sum.subscribers, 3U);
  EXPECT_EQ(sum.streams, 85U);
  EXPECT_EQ(sum.messages[0], 37 * 4);
  EXPECT_NEAR(messages[0], sum.messages[0], 40);
  EXPECT_NEAR(sum.messages[1], messages[1], 10);
  EXPECT_EQ(sum.messages[2], messages[2]);
  EXPECT_EQ(sum.deliveries[1], 3 * sum.messages[1]);
  EXPECT_EQ(sum.deliveries[2], 0);
}

TEST(PlanSummary, IsToldInAFewLines) {
  EXPECT_EQ(describe(plan_summary{.devices = 10'004,
                                  .devices_v3_1_1 = 5'000,
                                  .devices_v5 = 5'004,
                                  .publishers = 10'000,
                                  .subscribers = 4,
                                  .subscriptions = 4,
                                  .messages = {600, 60'000, 0},
                                  .deliveries = {0, 60'000, 0},
                                  .arrival = 5s,
                                  .publishing = 30s,
                                  .drain = 30s}),
            "10,004 devices (MQTT 3.1.1: 5,000, MQTT 5.0: 5,004)\n"
            "10,000 publish and 4 subscribe, with 4 subscriptions\n"
            "about 60,600 messages, 2,020/s (QoS 0: 20/s, QoS 1: 2,000/s)\n"
            "about 60,000 deliveries, 2,000/s\n"
            "time: arrival 5s, publishing 30s, then at most 30s for the last deliveries\n");
}

TEST(PlanSummary, CountsAShareOnce) {
  const auto loaded = parse_scenario(R"(name: a
duration: 10s
fleet:
  - {group: p, count: 10, publish: [{topic: "t/{index}", first: 0s, every: 1s, payload: x}]}
  - {group: s, count: 5, subscribe: [{filter: "t/+", share: a}, {filter: "t/+", share: b}]}
)",
                                     "f");
  ASSERT_TRUE(loaded);
  const plan_summary sum = summarize(fleet_plan(*loaded));
  EXPECT_EQ(sum.messages[0], 100);
  EXPECT_EQ(sum.deliveries[0], 200);
}

}  // namespace
}  // namespace gauntlet::sim
