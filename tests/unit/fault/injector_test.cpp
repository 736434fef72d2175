// Rules at run time: windows, changes, healing; and traces that repeat.

#include "harness/fault/injector.hpp"

#include <gtest/gtest.h>

#include "tests/unit/fault/fault_bench.hpp"

namespace gauntlet::fault {
namespace {

using history::direction;
using mqtt::packet_type;
using std::chrono::milliseconds;
using std::chrono::seconds;

rule named(std::string name, action what, selection who = {}, active_time when = {}) {
  rule made;
  made.name = std::move(name);
  made.what = std::move(what);
  made.who = std::move(who);
  made.when = when;
  return made;
}

TEST(Injector, AppliesARuleWithinItsTimes) {
  fault_bench bench;
  const auto [client, broker] = bench.connected();
  bench.add(named("gap", drop{}, {.packets = {packet_type::publish}},
                  {.at = seconds(1), .lasting = seconds(1), .every = seconds(3)}));
  for (std::uint16_t second = 0; second < 6; ++second) {
    client->send(message(static_cast<std::uint16_t>(second + 1)));
    bench.pass(seconds(1));
  }
  EXPECT_EQ(broker->saw(), (sightings{"0 PUBLISH 1 qos 1 \"t\"", "2000 PUBLISH 3 qos 1 \"t\"",
                                      "3000 PUBLISH 4 qos 1 \"t\"", "5000 PUBLISH 6 qos 1 \"t\""}));
  EXPECT_EQ(bench.trace.substr(0, bench.trace.find('\n')), "1.000000 gap begins: drop of PUBLISH")
      << bench.trace;
}

TEST(Injector, AppliesRulesToTheClientsAndConnectionsTheyName) {
  fault_bench bench;
  bench.add(drop{}, {.clients = "b*", .connect = 2, .packets = {packet_type::publish}});
  std::string passed;
  for (const char* client_id : {"a1", "b1", "b1", "b1", "b2"}) {
    const auto [client, broker] = bench.connected(client_id);
    client->send(message(1));
    bench.pass({});
    passed += broker->saw().empty() ? '-' : '+';
  }
  EXPECT_EQ(passed, "++-++");
}

TEST(Injector, LetsGoWhatIsHeldWhenTheRuleGoes) {
  const action held[] = {hold{.until = packet_type::pubrel, .at_most = seconds(60)},
                         reorder{.window = 3, .at_most = seconds(60)},
                         coalesce{.packets = 9, .at_most = seconds(60)},
                         stall{.lasting = seconds(60)},
                         bandwidth{0},
                         partition{}};
  for (const action& what : held) {
    for (const bool removed : {true, false}) {
      fault_bench bench;
      const auto [client, broker] = bench.connected();
      bench.add(named("it", what));
      client->send(message(1));
      bench.pass(seconds(1));
      EXPECT_EQ(broker->saw(), sightings{}) << name_of(what);
      EXPECT_TRUE(removed ? bench.faults.remove("it") : bench.faults.enable("it", false));
      bench.pass(seconds(1));
      EXPECT_EQ(broker->saw(), (sightings{"1000 PUBLISH 1 qos 1 \"t\""})) << name_of(what);
    }
  }
}

TEST(Injector, RevivesADirectionThatWasHalfOpen) {
  fault_bench bench;
  const auto [client, broker] = bench.connected();
  bench.add(named("it", half_open{}, {.towards = direction::to_broker}));
  client->send(message(1));
  bench.pass(seconds(1));
  EXPECT_TRUE(bench.faults.enable("it", false));
  client->send(message(2));
  bench.pass(seconds(1));
  EXPECT_EQ(broker->saw(), (sightings{"1000 PUBLISH 2 qos 1 \"t\""}));
}

TEST(Injector, ChangesARule) {
  fault_bench bench;
  const auto [client, broker] = bench.connected();
  bench.add(named("it", latency{seconds(1), {}}));
  EXPECT_TRUE(bench.faults.change("it", named("it", latency{milliseconds(5), {}})));
  EXPECT_FALSE(bench.faults.change("other", named("other", drop{})));
  EXPECT_FALSE(bench.faults.add(named("it", drop{})));
  EXPECT_FALSE(bench.faults.add(named("", drop{})));
  client->send(message(1));
  bench.pass(seconds(1));
  EXPECT_EQ(broker->saw(), (sightings{"5 PUBLISH 1 qos 1 \"t\""}));
}

TEST(Injector, HealsForGood) {
  fault_bench bench;
  const auto [client, broker] = bench.connected();
  bench.add(named("now", drop{}, {.towards = direction::to_broker}));
  bench.add(named("later", drop{}, {.towards = direction::to_broker}, {.at = seconds(5)}));
  bench.faults.heal();
  bench.pass(seconds(10));
  client->send(message(1));
  bench.pass({});
  EXPECT_EQ(broker->saw().size(), 1U);
}

TEST(Injector, KnowsClientsByTheIdentifierThatTheBrokerAssigned) {
  fault_bench bench;
  bench.add(drop{}, {.clients = "auto-7", .packets = {packet_type::publish}});
  const auto [client, broker] = bench.dialed();
  client->send(mqtt::connect{.client_id = ""});
  bench.pass({});
  broker->send(mqtt::connack{.properties = {mqtt::assigned_client_identifier("auto-7")}});
  bench.pass({});
  client->send(message(1));
  bench.pass({});
  EXPECT_EQ(broker->saw(), (sightings{"0 CONNECT"}));
}

/// Three clients that publish ten messages each under faults that draw; in `order` they connect.
std::string trace_of(std::uint64_t seed, const std::vector<std::string>& order) {
  fault_bench bench({.seed = seed});
  bench.add(named("loss", drop{}, {.packets = {packet_type::publish}, .probability = 0.3}));
  bench.add(named("late", delay{.by = milliseconds(10), .jitter = milliseconds(9)}));
  bench.add(named("jitter", latency{milliseconds(10), milliseconds(9)}));
  std::vector<fault_bench::pair> peers;
  for (const std::string& id : order) {
    peers.push_back(bench.dialed());
    peers.back().client->send(mqtt::connect{.client_id = id});
    bench.pass(seconds(1));
  }
  for (std::uint16_t i = 1; i <= 10; ++i) {
    for (const auto& each : peers) each.client->send(message(i));
    bench.pass(seconds(1));
  }
  std::string all = bench.trace;
  for (const std::string& line : bench.observer.saw()) all += line + "\n";
  return all;
}

TEST(Injector, RepeatsItselfByteForByte) {
  const std::string trace = trace_of(7, {"a", "b", "c"});
  EXPECT_EQ(trace, trace_of(7, {"a", "b", "c"}));
  EXPECT_NE(trace, trace_of(8, {"a", "b", "c"}));
}

TEST(Injector, DrawsForEachClientOnItsOwn) {
  // The lines of one client's dropped messages, whoever else is there.
  const auto dropped = [](const std::vector<std::string>& order, const std::string& id) {
    std::string lines;
    const std::string trace = trace_of(7, order);
    for (std::size_t at = 0;
         (at = trace.find("loss strikes: PUBLISH ", at)) != std::string::npos;) {
      const std::string line = trace.substr(at, trace.find('\n', at) - at);
      if (line.find(" of " + id + "#1 ") != std::string::npos) lines += line + "\n";
      at += line.size();
    }
    return lines;
  };
  const std::string of_a = dropped({"a", "b", "c"}, "a");
  EXPECT_FALSE(of_a.empty());
  EXPECT_EQ(of_a, dropped({"c", "b", "a"}, "a"));
  std::string of_b = dropped({"a", "b", "c"}, "b");
  for (std::size_t at = 0; (at = of_b.find("of b#1")) != std::string::npos;) of_b[at + 3] = 'a';
  EXPECT_NE(of_a, of_b);
}

}  // namespace
}  // namespace gauntlet::fault
