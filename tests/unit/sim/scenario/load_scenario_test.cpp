// Goal: a scenario file becomes its model, with the documented defaults.

#include <fstream>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/scenario/scenario.hpp"

namespace gauntlet::sim {
namespace {

using namespace std::chrono_literals;

scenario load(std::string_view text) {
  auto loaded = parse_scenario(text, "f.yaml");
  if (!loaded) {
    ADD_FAILURE() << config::to_failure(loaded.error()).message;
    return {};
  }
  return std::move(*loaded);
}

TEST(LoadScenario, NeedsLittle) {
  const scenario made = load("name: a\nduration: 1m\nfleet: [{group: g, count: 3}]\n");
  EXPECT_EQ(made.name, "a");
  EXPECT_EQ(made.seed, 1U);
  EXPECT_EQ(made.publish_for, 1min);
  EXPECT_EQ(made.drain, 10s);
  EXPECT_EQ(made.target.to, "embedded");
  EXPECT_FALSE(made.target.tls);
  EXPECT_EQ(made.target.connect_timeout, 10s);
  EXPECT_EQ(made.arrival.as, arrival_settings::shape::all_at_once);
  EXPECT_EQ(made.publishing, publishing_start::after_arrival);
  ASSERT_EQ(made.fleet.size(), 1U);
  const device_group& group = made.fleet[0];
  EXPECT_EQ(group.protocol.v5_percent, 100);
  EXPECT_EQ(group.client_id.source(), "{group}-{index}");
  EXPECT_EQ(group.keep_alive, 60s);
  EXPECT_TRUE(group.clean_start);
  EXPECT_FALSE(group.session_expiry || group.will || group.user_name || group.password);
  EXPECT_TRUE(group.publish.empty() && group.subscribe.empty() && made.expect.empty());
}

TEST(LoadScenario, ReadsTheSettingsOfTheRun) {
  const scenario made = load(R"(
name: a
description: Everything there is
seed: 77
duration: 1h
drain: 30s
arrival: {ramp: 90s}
publishing: on_arrival
target:
  to: mqtts://broker.example
  connect_timeout: 3s
  tls: {ca_file: ca.pem, certificate_file: c.pem, key_file: k.pem, server_name: b, alpn: mqtt,
        version_min: 1.3, version_max: "1.3", insecure: true}
fleet: [{group: g, count: 3}]
)");
  EXPECT_EQ(made.description, "Everything there is");
  EXPECT_EQ(made.seed, 77U);
  EXPECT_EQ(made.arrival.as, arrival_settings::shape::ramp);
  EXPECT_EQ(made.arrival.over, 90s);
  EXPECT_EQ(made.publishing, publishing_start::on_arrival);
  EXPECT_EQ(made.target.to, "mqtts://broker.example");
  EXPECT_EQ(made.target.connect_timeout, 3s);
  ASSERT_TRUE(made.target.tls);
  EXPECT_EQ(made.target.tls->ca_file, "ca.pem");
  EXPECT_EQ(made.target.tls->alpn, "mqtt");
  EXPECT_EQ(made.target.tls->version_min, tls_settings::version::v1_3);
  EXPECT_TRUE(made.target.tls->insecure);
  EXPECT_EQ(load("name: a\nduration: 1s\narrival: {rate: 600/min}\nfleet: [{group: g, count: 1}]")
                .arrival.per_second,
            10);
}

TEST(LoadScenario, ReadsAGroup) {
  const scenario made = load(R"(
name: a
duration: 10s
fleet:
  - group: doors
    count: 5
    protocol: 5.0
    client_id: "door-{index:03}"
    user_name: "{group}"
    password: "secret-{index}"
    keep_alive: 30s
    clean_start: false
    session_expiry: 1h
    will: {topic: "gone/{client_id}", payload: lost, qos: 1, retain: true, delay: 5s}
    publish:
      - {topic: "t/{index}", every: 2s, jitter: 10%, qos: 2, retain: true, payload: {random: 64B}}
      - {topic: "u", every: 1s, poisson: true, count: 3, payload: "hello {index}"}
      - {topic: "v", first: 0s, count: 1, payload: {text: once}}
    subscribe:
      - {filter: "cmd/{index}/#", qos: 1, no_local: true, retain_as_published: true,
         retain_handling: 2, identifier: 9}
      - {filter: "jobs/+", share: "workers"}
)");
  const device_group& group = made.fleet.at(0);
  EXPECT_EQ(group.client_id.source(), "door-{index:03}");
  EXPECT_EQ(group.password->source(), "secret-{index}");
  EXPECT_EQ(group.keep_alive, 30s);
  EXPECT_FALSE(group.clean_start);
  EXPECT_EQ(group.session_expiry, 1h);
  ASSERT_TRUE(group.will);
  EXPECT_EQ(group.will->delay, 5s);
  EXPECT_EQ(group.will->qos, mqtt::qos::at_least_once);
  EXPECT_TRUE(group.will->retain);
  ASSERT_EQ(group.publish.size(), 3U);
  EXPECT_EQ(group.publish[0].every, 2s);
  EXPECT_DOUBLE_EQ(group.publish[0].jitter, 0.1);
  EXPECT_EQ(group.publish[0].qos, mqtt::qos::exactly_once);
  EXPECT_EQ(std::get<random_payload>(group.publish[0].payload).size.min_bytes, 64U);
  EXPECT_TRUE(group.publish[1].poisson);
  EXPECT_EQ(group.publish[1].count, 3U);
  EXPECT_EQ(std::get<text_payload>(group.publish[1].payload).text.source(), "hello {index}");
  EXPECT_EQ(group.publish[2].first, 0s);
  ASSERT_EQ(group.subscribe.size(), 2U);
  EXPECT_TRUE(group.subscribe[0].no_local && group.subscribe[0].retain_as_published);
  EXPECT_EQ(group.subscribe[0].retain_handling, retain_handling::do_not_send);
  EXPECT_EQ(group.subscribe[0].identifier, 9U);
  EXPECT_TRUE(group.subscribe[1].is_shared);
  EXPECT_EQ(group.subscribe[1].share.source(), "workers");
}

TEST(LoadScenario, ReadsMixedProtocols) {
  EXPECT_EQ(load("name: a\nduration: 1s\nfleet: [{group: g, count: 2, protocol: {3.1.1: 30%, 5.0: "
                 "70%}}]")
                .fleet.at(0)
                .protocol.v5_percent,
            70);
  const auto old =
      load("name: a\nduration: 1s\nfleet: [{group: g, count: 2, protocol: 3.1.1}]").fleet.at(0);
  EXPECT_TRUE(old.protocol.has(mqtt::protocol_version::v3_1_1));
  EXPECT_FALSE(old.protocol.has(mqtt::protocol_version::v5));
}

TEST(LoadScenario, ReadsEveryGeneratorOfJson) {
  const scenario made = load(R"(
name: a
duration: 10s
fleet:
  - group: g
    count: 1
    publish:
      - topic: t
        every: 1s
        payload:
          json:
            word: "{client_id}"
            number: -1.5e3
            flag: true
            nothing: null
            quoted: "5"
            u: {uniform: {min: 1, max: 2, decimals: 3}}
            i: {integer: {min: -5, max: 5}}
            n: {normal: {mean: 1, stddev: 2}}
            w: {walk: {start: 20, step: 0.5, min: 10, max: 30, decimals: 1}}
            c: {counter: {start: 5, step: -1}}
            x: {choice: [on, 1, "2", null, true]}
            b: {bool: 25%}
            t: {timestamp: unix_ms}
)");
  const auto& root = std::get<document_payload>(made.fleet.at(0).publish.at(0).payload).root;
  ASSERT_EQ(root.children.size(), 13U);
  EXPECT_EQ(root.names[0], "word");
  const auto value = [&](std::size_t i) -> const value_generator& {
    return root.children[i].value;
  };
  const auto signal = [&](std::size_t i) { return std::get<signal_description>(value(i)); };
  EXPECT_TRUE(std::get<constant_value>(value(0)).is_text);
  EXPECT_EQ(std::get<constant_value>(value(1)).literal, "-1.5e3");
  EXPECT_EQ(std::get<constant_value>(value(2)).literal, "true");
  EXPECT_EQ(std::get<constant_value>(value(3)).literal, "null");
  EXPECT_TRUE(std::get<constant_value>(value(4)).is_text);
  EXPECT_EQ(std::get<uniform_signal>(signal(5)).decimals, 3);
  EXPECT_EQ(std::get<integer_signal>(signal(6)).min, -5);
  EXPECT_EQ(std::get<normal_signal>(signal(7)).stddev, 2);
  EXPECT_EQ(std::get<walk_signal>(signal(8)).max, 30);
  EXPECT_EQ(std::get<counter_signal>(signal(9)).step, -1);
  const std::vector<literal_value> chosen{"on", std::int64_t{1}, "2", std::monostate(), true};
  EXPECT_EQ(std::get<choice_signal>(signal(10)).values, chosen);
  EXPECT_EQ(std::get<bool_signal>(signal(11)).probability, 0.25);
  EXPECT_EQ(std::get<timestamp_signal>(signal(12)).as, timestamp_signal::format::unix_ms);
}

TEST(LoadScenario, ReadsExpectationsInOrderWithTheirPlaces) {
  const scenario made = load(R"(name: a
duration: 10s
fleet: [{group: g, count: 1, subscribe: [{filter: t}]}]
expect:
  - {group: g, qos: [1, 2], lost: 0, duplicated: 0.1%}
  - {qos: 0, reordered: 5, latency_p99: 50ms, latency_max: 1s, service_time_p999: 20ms}
  - {sent: 100%, connected: 99.5%, connect_time_p50: 2s, unexpected_disconnects: 0}
  - {throughput: 1000/s}
)");
  std::vector<std::string> lines;
  for (const expectation& each : made.expect) {
    lines.push_back(expectation_id(each) + " | " + describe(each) + " | " + describe_limit(each));
  }
  EXPECT_THAT(
      lines,
      testing::ElementsAre(
          "lost.group.g.qos12 | No message is lost (group g, QoS 1 and 2) | 0",
          "duplicated.group.g.qos12 | At most 0.1% of the deliveries are duplicates (group g, QoS "
          "1 and 2) | at most 0.1%",
          "reordered.qos0 | At most 5 of the deliveries are out of order (QoS 0) | at most 5",
          "latency.p99.qos0 | 99% of the deliveries take at most 50ms from the scheduled time (QoS "
          "0) | at most 50ms",
          "latency.max.qos0 | The longest delivery takes at most 1s from the scheduled time (QoS "
          "0) | at most 1s",
          "service_time.p999.qos0 | 99.9% of the deliveries take at most 20ms from the actual send "
          "(QoS 0) | at most 20ms",
          "sent | At least 100% of the planned messages are sent | at least 100%",
          "connected | At least 99.5% of the devices connect | at least 99.5%",
          "connect_time.p50 | 50% of the connects take at most 2s | at most 2s",
          "unexpected_disconnects | No connection ends unasked | 0",
          "throughput | At least 1000 messages are delivered each second | at least 1000/s"));
  EXPECT_EQ(made.expect.at(0).where, (config::place{5, 5}));
  EXPECT_EQ(made.expect.at(2).where, (config::place{6, 5}));
}

TEST(LoadScenario, ReadsTheLibrary) {
  for (const char* name :
       {"five-stages.yaml", "payload-formats.yaml", "quickstart.yaml", "ten-thousand.yaml"}) {
    const auto loaded = load_scenario(std::string(GAUNTLET_SCENARIOS "/") + name);
    EXPECT_TRUE(loaded) << config::to_failure(loaded.error()).message;
  }
}

TEST(ScenarioJsonSchema, IsTheOneInTheLibrary) {
  std::ifstream in(GAUNTLET_SCENARIOS "/scenario.schema.json");
  std::stringstream committed;
  committed << in.rdbuf();
  // After a change of the readers: gauntlet scenario schema > scenarios/scenario.schema.json
  EXPECT_EQ(scenario_json_schema(), committed.str());
}

}  // namespace
}  // namespace gauntlet::sim
