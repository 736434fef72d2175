// Goal: faults of a scenario strike the devices that they name, the same for the same seed, and
// what the broker promised is proven from the packets; a broker that breaks it is convicted by
// name.

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/plan/fault_plan.hpp"
#include "tests/unit/sim/engine/simulated_run.hpp"

namespace gauntlet::sim {
namespace {

std::string fleet_without_loss(const std::string& more) {
  return "name: broken\nduration: 5s\nfleet:\n"
         "  - group: meters\n    count: 10\n    clean_start: false\n    session_expiry: 10m\n"
         "    reconnect: {first: 100ms, max: 200ms}\n"
         "    publish:\n"
         "      - {topic: \"m/{index}/a\", every: 100ms, qos: 1, payload: {text: hello}}\n"
         "      - {topic: \"m/{index}/b\", every: 100ms, qos: 2, payload: {text: hello}}\n"
         "  - group: readers\n    count: 2\n    clean_start: false\n    session_expiry: 10m\n"
         "    reconnect: {first: 100ms, max: 200ms}\n"
         "    subscribe: [{filter: \"m/#\", qos: 2}]\n" +
         more;
}

std::string fleet_with(const std::string& more) {
  return fleet_without_loss(more) + "expect: [{lost: 0}]\n";
}

constexpr const char* cuts =
    "faults:\n"
    "  - name: lost-answers\n"
    "    groups: [meters]\n"
    "    when: {packet: [puback, pubrec, pubcomp], direction: to_client, every: 10}\n"
    "    cut: {moment: before}\n"
    "  - name: readers-cut\n"
    "    groups: [readers]\n"
    "    at: 1s\n"
    "    for: 2s\n"
    "    when: {packet: publish, direction: to_client, every: 50}\n"
    "    cut: {moment: after, how: fin}\n"
    "guarantees: true\n";

const record::guarantee_record& guarantee(const record::run_result& of, const std::string& rule) {
  const auto found = std::find_if(of.guarantees.begin(), of.guarantees.end(),
                                  [&](const auto& each) { return each.rule == rule; });
  EXPECT_NE(found, of.guarantees.end()) << rule;
  return *found;
}

run_options broker_that(const std::string& defect) {
  run_options options;
  options.target.embedded.defects = {*broker::parse_defect(defect)};
  return options;
}

TEST(Faults, AreProvenHarmlessOnACorrectBroker) {
  const record::run_result result = run(fleet_with(cuts));
  EXPECT_EQ(result.verdict, record::verdict::pass);
  for (const char* rule : {"D1", "D2", "D3", "D4", "D5", "D7", "O1", "S1"}) {
    EXPECT_EQ(guarantee(result, rule).verdict, record::verdict::pass) << rule;
    EXPECT_GT(guarantee(result, rule).asked, 0U) << rule;
  }
  ASSERT_EQ(result.faults.size(), 2U);
  EXPECT_EQ(result.faults[0].name, "lost-answers");
  EXPECT_GT(result.faults[0].strikes, 50U);
  EXPECT_GT(result.faults[1].strikes, 5U);
  ASSERT_EQ(result.faults[1].active.size(), 1U);
  EXPECT_EQ(result.faults[1].active[0].until - result.faults[1].active[0].from,
            std::chrono::seconds(2));
  EXPECT_GT(connections(result, "meters").reconnected, 50U);
}

TEST(Faults, AreTheSameForTheSameSeed) {
  const std::string text = fleet_with(
      "chaos: {every: 300ms, for: 200ms, from: [{groups: [meters], share: 40%, when: {packet: "
      "publish, probability: 20%}, cut: {}}, {latency: {by: 20ms, jitter: 10ms}}]}\n");
  const record::run_result one = run(text);
  EXPECT_GT(one.faults.size(), 5U);
  EXPECT_EQ(one.faults, run(text).faults);
  EXPECT_EQ(one.measured, run(text).measured);
  EXPECT_NE(one.faults, run("seed: 2\n" + text).faults);
}

TEST(Faults, ConvictABrokerByTheRuleThatItBreaks) {
  const auto breaks = [](const std::string& defect, const std::string& rule,
                         const std::string& class_name) {
    const record::run_result result = run(fleet_with(cuts), broker_that(defect));
    const record::guarantee_record& broken = guarantee(result, rule);
    EXPECT_EQ(broken.verdict, record::verdict::fail) << defect;
    EXPECT_EQ(result.verdict, record::verdict::fail) << defect;
    ASSERT_FALSE(broken.findings.empty()) << defect;
    EXPECT_EQ(broken.findings[0].class_name, class_name);
    EXPECT_FALSE(broken.findings[0].witness.empty());
    const bool is_expectation =
        std::any_of(result.expectations.begin(), result.expectations.end(), [&](const auto& each) {
          return each.id == "guarantee." + rule && each.verdict == record::verdict::fail;
        });
    EXPECT_TRUE(is_expectation);
  };
  breaks("lose-qos1-delivery:1/10", "D3", "lost");
  breaks("deliver-qos2-twice:1/10", "D4", "duplicate");
  breaks("redeliver-without-dup", "D7", "redelivered-changed");
  breaks("forget-session-at-disconnect", "S1", "session-lost");
}

TEST(BrokerFaults, ArePlannedWithTheirTimesAndPackets) {
  const fleet_plan plan(parsed_scenario(
      "name: part\nduration: 60s\nfleet: [{group: a, count: 10}]\n"
      "faults:\n  - {drop: {}}\n  - {at: 3s, broker: kill, restart_after: 2s, state: lost}\n"
      "  - {broker: pause, for: 1s, when: {packet: puback}, groups: [a]}\n"
      "chaos: {every: 5s, for: 700ms, from: [{broker: kill}]}\n"));
  EXPECT_EQ(fault_rules_of(plan).size(), 1U);
  const std::vector<planned_broker_fault> planned = broker_faults_of(plan);
  ASSERT_GT(planned.size(), 3U);
  EXPECT_EQ(planned[0].when.at, std::chrono::seconds(3));
  EXPECT_EQ(target::describe(planned[0].what), "killed and started again after 2s, its state lost");
  EXPECT_EQ(planned[1].trigger, 0U);
  EXPECT_EQ(target::describe(planned[2].what), "killed and started again after 700ms");
  const std::vector<fault::rule> triggers = broker_triggers_of(plan);
  ASSERT_EQ(triggers.size(), 1U);
  EXPECT_EQ(triggers[0].who.nth, 1U);
  EXPECT_EQ(triggers[0].who.client_ids->size(), 10U);
}

TEST(BrokerFaults, ExcuseWhatTheBrokerIsNotSaidToKeepAndAreTold) {
  const std::string power =
      "faults:\n"
      "  - {name: power, at: 1s, every: 3s, broker: kill, restart_after: 500ms}\n";
  const record::run_result result = run(fleet_without_loss(power + "guarantees: true\n"));
  EXPECT_EQ(result.verdict, record::verdict::pass);
  ASSERT_EQ(result.faults.size(), 1U);
  EXPECT_EQ(result.faults[0].what, "the broker is killed and started again after 500ms");
  EXPECT_EQ(result.faults[0].strikes, 2U);
  ASSERT_EQ(result.faults[0].active.size(), 2U);
  EXPECT_EQ(result.faults[0].active[0].until - result.faults[0].active[0].from,
            std::chrono::milliseconds(500));
  const auto& events = result.measured.events.events();
  EXPECT_EQ(std::count_if(events.begin(), events.end(),
                          [](const record::event& each) {
                            return each.text.starts_with("fault power: the broker was killed");
                          }),
            2);
  EXPECT_EQ(result.faults, run(fleet_without_loss(power + "guarantees: true\n")).faults);
}

// Without a store nothing outlives the process.
TEST(BrokerFaults, ConvictABrokerThatDoesNotKeepWhatItIsSaidTo) {
  const record::run_result result =
      run(fleet_without_loss("faults: [{name: power, at: 1s, broker: kill, restart_after: 500ms},\n"
                             "  {name: later, at: 4s, for: 100ms, latency: {by: 1ms}}]\n"
                             "guarantees: {survives_kill: true}\n"));
  EXPECT_EQ(result.verdict, record::verdict::fail);
  const record::guarantee_record& broken = guarantee(result, "S1");
  EXPECT_EQ(broken.verdict, record::verdict::fail);
  ASSERT_FALSE(broken.findings.empty());
  EXPECT_THAT(broken.findings[0].sentence,
              testing::EndsWith("; faults active then or just before: power"));
}

TEST(BrokerFaults, StrikeAtThePacketThatTheyWaitFor) {
  const record::run_result result = run(fleet_without_loss(
      "faults:\n  - name: at-puback\n    broker: kill\n    restart_after: 300ms\n"
      "    when: {packet: puback, direction: to_client, nth: 37, per: all}\n"
      "guarantees: true\n"));
  ASSERT_EQ(result.faults.size(), 1U);
  EXPECT_EQ(result.faults[0].strikes, 1U);
  EXPECT_EQ(result.verdict, record::verdict::pass);
}

TEST(BrokerFaults, AreRefusedForABrokerThatIsNotOurs) {
  const std::string text = fleet_without_loss("faults: [{broker: kill}]\n");
  run_options options;
  options.scenario_path = "test.yaml";
  options.target.target = "mqtt://127.0.0.1:1";
  const auto result = run_scenario(fleet_plan(parsed_scenario(text)), options);
  ASSERT_FALSE(result);
  EXPECT_THAT(result.error().message, testing::HasSubstr("is not started by Gauntlet"));
  EXPECT_THAT(result.error().message, testing::HasSubstr("test.yaml:"));
}

// Every connection of the broker ends after two seconds, by the broker's own wish.
run_options broker_that_drops_clients() {
  run_options options;
  options.target.embedded.limits.connect_time_max = std::chrono::seconds(2);
  return options;
}

TEST(Disconnects, ByALinkAreNotUnexpected) {
  const record::run_result result = run(fleet_with(cuts));
  for (const record::connection_account& each : result.measured.connections) {
    EXPECT_TRUE(each.unexpected_disconnects.empty()) << each.group;
    EXPECT_EQ(each.disconnected_by_faults.total(), each.reconnected) << each.group;
  }
  EXPECT_GT(connections(result, "meters").disconnected_by_faults.total(), 50U);
  for (const auto& [reason, times] :
       connections(result, "meters").disconnected_by_faults.counts()) {
    EXPECT_TRUE(reason.starts_with("lost-answers: ")) << reason;
  }
}

TEST(Disconnects, ByTheBrokerItselfStayUnexpectedBesideFaults) {
  const record::run_result result =
      run(fleet_without_loss("faults:\n  - name: cut\n    groups: [meters]\n"
                             "    when: {packet: publish, every: 100}\n    cut: {}\n"
                             "expect: [{group: readers, unexpected_disconnects: 0},\n"
                             "         {group: meters, unexpected_disconnects: 0}]\n"),
          broker_that_drops_clients());
  const record::connection_account& readers = connections(result, "readers");
  EXPECT_TRUE(readers.disconnected_by_faults.empty());
  EXPECT_GE(readers.unexpected_disconnects.total(), 4U);
  EXPECT_GT(connections(result, "meters").disconnected_by_faults.total(), 0U);
  ASSERT_EQ(result.expectations.size(), 2U);
  EXPECT_EQ(result.expectations[0].verdict, record::verdict::fail);
  EXPECT_THAT(result.expectations[1].observed, testing::HasSubstr(" by faults"));
}

TEST(Disconnects, ByAKilledBrokerAreNotUnexpected) {
  const std::string power =
      "faults:\n"
      "  - {name: power, at: 1s, every: 3s, broker: kill, restart_after: 500ms}\n"
      "expect: [{unexpected_disconnects: 0}]\n";
  const record::run_result result = run(fleet_without_loss(power));
  EXPECT_EQ(result.verdict, record::verdict::pass);
  EXPECT_EQ(connections(result, "meters").disconnected_by_faults.total(), 20U);
  EXPECT_EQ(connections(result, "readers").disconnected_by_faults.total(), 4U);
  EXPECT_TRUE(connections(result, "readers")
                  .disconnected_by_faults.counts()
                  .begin()
                  ->first.starts_with("power: "));
  // Between the kills the broker drops clients that came after the first one.
  const record::run_result dropped = run(fleet_without_loss(power), broker_that_drops_clients());
  EXPECT_EQ(dropped.verdict, record::verdict::fail);
  EXPECT_EQ(connections(dropped, "readers").unexpected_disconnects.total(), 2U);
  EXPECT_EQ(connections(dropped, "readers").disconnected_by_faults.total(), 4U);
}

TEST(Faults, OfAShareConcernThatShareOfDevices) {
  const fleet_plan plan(parsed_scenario(
      "name: part\nduration: 1s\nfleet: [{group: a, count: 1000}, {group: b, count: 5}]\n"
      "faults: [{groups: [a], share: 30%, drop: {}}, {drop: {}}]\n"));
  const std::vector<fault::rule> rules = fault_rules_of(plan);
  ASSERT_EQ(rules.size(), 2U);
  ASSERT_NE(rules[0].who.client_ids, nullptr);
  EXPECT_NEAR(static_cast<double>(rules[0].who.client_ids->size()), 300, 60);
  EXPECT_FALSE(rules[0].who.client_ids->contains("b-0"));
  EXPECT_EQ(rules[1].who.client_ids, nullptr);
}

}  // namespace
}  // namespace gauntlet::sim
