// Goal: faults below TCP strike a fleet on a real broker, the account shows what they did and
// nothing that they did not; where they cannot be done, the run says so and goes on.

#include <algorithm>
#include <filesystem>

#include <gtest/gtest.h>

#include "harness/fault_host/host_capabilities.hpp"
#include "tests/integration/sim/fleet.hpp"
#include "tests/support/temporary_directory.hpp"

namespace gauntlet::sim {
namespace {

constexpr const char* persistent_fleet = R"(name: below
seed: 3
duration: 6s
drain: 60s
fleet:
  - group: senders
    count: 20
    protocol: 5.0
    clean_start: false
    session_expiry: 1h
    publish:
      - {topic: "t/{index}/q1", every: 100ms, qos: 1, payload: "one"}
      - {topic: "t/{index}/q2", every: 100ms, qos: 2, payload: "two"}
  - group: readers
    count: 2
    protocol: 5.0
    clean_start: false
    session_expiry: 1h
    subscribe:
      - {filter: "t/+/q1", qos: 1}
      - {filter: "t/+/q2", qos: 2}
)";

bool says(const record::run_result& result, const std::string& what) {
  const auto& all = result.measured.events.events();
  return std::any_of(all.begin(), all.end(), [&](const record::event& each) {
    return each.text.find(what) != std::string::npos;
  });
}

// The reference broker as a process, which a link can be put around.
constexpr const char* reference_process = R"(name: reference-process
title: The reference broker
install: comes with Gauntlet
command: )" GAUNTLET_PROGRAM R"(
arguments: [broker, --listen, "mqtt://127.0.0.1:{port}"]
listeners:
  - { port: port, transport: tcp, versions: ["3.1.1", "5.0"] }
)";

record::run_result run_on(const std::string& broker, const std::string& faults) {
  const fleet_plan plan(parsed_scenario(persistent_fleet + faults));
  run_options options;
  const test::temporary_directory folder;
  std::filesystem::create_directories(folder.path() / "profiles");
  folder.write("profiles/reference-process.yaml", reference_process);
  options.target.target = broker;
  options.target.profiles_folder = folder.path() / "profiles";
  options.target.run_folder = folder.path() / "run";
  return run(plan, options);
}

/// Why this machine cannot do them all; empty if it can.
std::string missing_here() {
  for (const fault_host::host_capability& each : fault_host::probe_host()) {
    if (!each.works) return each.name + ": " + each.why_not;
  }
  return {};
}

void expect_nothing_lost(const record::run_result& result) {
  EXPECT_EQ(result.ending, record::ending::complete) << result.ending_sentence;
  for (const std::uint8_t qos : {std::uint8_t{1}, std::uint8_t{2}}) {
    const record::delivery_account account = record::total_of(result.measured, qos);
    EXPECT_EQ(account.sent, account.planned);
    EXPECT_EQ(account.lost + account.uncertain + account.unexpected, 0U) << "QoS " << int{qos};
    EXPECT_GT(account.delivered, 0U);
  }
  EXPECT_EQ(record::total_of(result.measured, 2).duplicated, 0U);
}

TEST(HostFaults, OfEveryKindLoseNothingOfPersistentSessions) {
  if (const std::string why = missing_here(); !why.empty()) GTEST_SKIP() << why;
  const record::run_result result = run_on("mosquitto", R"(faults:
  - {at: 500ms, for: 500ms, link_down: {}}
  - {at: 1500ms, for: 500ms, link_loss: {share: 10%}}
  - {at: 2500ms, for: 500ms, link_rate: {rate: 20KB}}
  - {at: 3500ms, sockets_killed: {at: broker}}
  - {at: 4s, sockets_killed: {at: clients}}
  - {at: 4500ms, for: 1s, vanish: {share: 50%}}
  - {at: 5600ms, for: 100ms, link_reject: {}}
  - {at: 200ms, for: 5s, link_delay: {delay: 5ms, jitter: 5ms}}
  - {at: 400ms, for: 5s, link_duplicate: {share: 2%}}
  - {at: 600ms, for: 5s, link_reorder: {share: 2%}}
  - {at: 800ms, for: 5s, link_corrupt: {share: 1%}}
)");
  expect_nothing_lost(result);
  EXPECT_GT(all_connections(result).disconnected_by_faults.total(), 40U);
  EXPECT_TRUE(all_connections(result).unexpected_disconnects.empty());
  ASSERT_EQ(result.faults.size(), 11U);
  for (const record::fault_record& each : result.faults) {
    EXPECT_EQ(each.active.size(), 1U) << each.name;
    EXPECT_TRUE(says(result, "fault " + each.name)) << each.name;
  }
  EXPECT_EQ(result.faults[3].strikes, 22U);
  EXPECT_GT(result.faults[5].strikes, 0U);
}

// The wire fails again and again, and some clients vanish.
constexpr const char* failing_wire = R"(guarantees: true
faults:
  - {at: 1s, for: 1s, every: 2s, link_down: {}}
  - {at: 3s, for: 1s, vanish: {share: 30%}}
)";

void expect_guarantees_kept(const record::run_result& result, const std::string& but = {}) {
  expect_nothing_lost(result);
  EXPECT_EQ(result.faults.front().active.size(), 3U);
  EXPECT_FALSE(result.guarantees.empty());
  for (const record::guarantee_record& each : result.guarantees) {
    if (each.rule == but) continue;
    EXPECT_NE(each.verdict, record::verdict::fail)
        << each.rule << " " << each.title << ": "
        << (each.findings.empty() ? "" : each.findings.front().sentence);
    if (each.rule == "D3") {
      EXPECT_EQ(each.verdict, record::verdict::pass);
    }
  }
}

TEST(HostFaults, LeaveGuaranteesThatStandOnWhatClientsWereTold) {
  if (const std::string why = missing_here(); !why.empty()) GTEST_SKIP() << why;
  expect_guarantees_kept(run_on("reference-process", failing_wire));
}

// mosquitto 2.0.11 lets a new message overtake those that wait behind its full window: packet
// identifiers leave it in another order than it gave them out. O1 is right to fail there, in about
// one run of four.
TEST(HostFaults, LeaveGuaranteesButOrderOnMosquitto) {
  if (const std::string why = missing_here(); !why.empty()) GTEST_SKIP() << why;
  expect_guarantees_kept(run_on("mosquitto", failing_wire), "O1");
}

TEST(HostFaults, ThatCannotBeDoneAreLeftOutAndTold) {
  const fleet_plan plan(parsed_scenario(small_scenario(
      "faults:\n  - {at: 500ms, for: 500ms, link_down: {}}\nexpect:\n  - {lost: 0}\n")));
  const record::run_result result = run(plan, {});
  EXPECT_EQ(result.verdict, record::verdict::pass);
  EXPECT_TRUE(says(result, "the fault link_down is left out"));
  ASSERT_EQ(result.faults.size(), 1U);
  EXPECT_TRUE(result.faults[0].active.empty());
}

}  // namespace
}  // namespace gauntlet::sim
