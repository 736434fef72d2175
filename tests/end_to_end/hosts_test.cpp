// Goal: a scenario run in three parts, as on three hosts, gives the account that one process gives;
// and parts that do not belong together are told apart in a sentence.

#include <chrono>
#include <filesystem>
#include <unistd.h>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "harness/record/wall_time.hpp"
#include "tests/end_to_end/end_to_end.hpp"

namespace gauntlet::test {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::Field;
using testing::HasSubstr;

// Every part has a reader, so each message has receivers in all parts.
constexpr std::string_view three_readers = R"(name: hosts
seed: 11
duration: 1s
drain: 2s
fleet:
  - group: readers
    count: 3
    subscribe: [{filter: "t/#", qos: 2}]
  - group: workers
    count: 3
    subscribe: [{filter: "t/+/q1", qos: 1, share: pool}]
  - group: senders
    count: 10
    protocol: {3.1.1: 50%, 5.0: 50%}
    publish:
      - {topic: "t/{index}/q0", every: 100ms, payload: {text: "zero"}}
      - {topic: "t/{index}/q1", every: 100ms, qos: 1, payload: {random: 64B}}
      - {topic: "t/{index}/q2", every: 100ms, qos: 2, payload: {text: "two"}}
expect:
  - {connected: 100%, sent: 100%, lost: 0, duplicated: 0, reordered: 0, latency_p99: 2s}
)";

std::string in(std::chrono::milliseconds ahead) {
  const auto now =
      std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
  return record::to_iso8601(now + ahead);
}

class Hosts : public end_to_end {
 protected:
  void SetUp() override { folder.write("hosts.yaml", std::string(three_readers)); }

  program start_part(int which, int count, const std::string& url, const std::string& at,
                     const words& more = {}) const {
    words arguments{"run",        "hosts.yaml",
                    "--target",   url,
                    "--part",     fmt::format("{}/{}", which, count),
                    "--start-at", at,
                    "--out",      fmt::format("part{}", which)};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return start(arguments);
  }

  /// Three parts at once; each ends well.
  void run_parts(const std::string& url, const words& more = {}) const {
    const std::string at = in(std::chrono::milliseconds(4500));
    std::vector<program> parts;
    for (int which = 1; which <= 3; ++which) parts.push_back(start_part(which, 3, url, at, more));
    for (program& each : parts) ASSERT_THAT(each.finish(), ends_with(0, "ran to its end"));
  }

  void expect_the_account_of_one_process(const std::string& url) const {
    ASSERT_THAT(run({"merge", "part3", "part1", "part2/part.gauntlet", "--out", "merged"}),
                ends_with(0, "PASSED  hosts"));
    ASSERT_THAT(run({"run", "hosts.yaml", "--target", url, "--out", "one"}),
                ends_with(0, "PASSED"));
    const record::measurements merged = result("merged").measured;
    const record::measurements one = result("one").measured;
    ASSERT_EQ(merged.flows.size(), one.flows.size());
    for (std::size_t i = 0; i < one.flows.size(); ++i) {
      EXPECT_EQ(merged.flows[i].account, one.flows[i].account) << i;
      EXPECT_LT(merged.flows[i].latency_from_send.count(), one.flows[i].latency_from_send.count());
      EXPECT_GT(merged.flows[i].latency_from_send.count(), 0U);
    }
    ASSERT_EQ(merged.connections.size(), one.connections.size());
    for (std::size_t i = 0; i < one.connections.size(); ++i) {
      EXPECT_EQ(merged.connections[i].planned, one.connections[i].planned);
      EXPECT_EQ(merged.connections[i].connected, one.connections[i].connected);
    }
    EXPECT_EQ(merged.generator.schedule_lag.count(), one.generator.schedule_lag.count());
    EXPECT_THAT(merged.events.events(),
                Contains(Field(&record::event::text, HasSubstr("clocks of hosts differ"))));
  }
};

TEST_F(Hosts, GiveTheAccountOfOneProcess) {
  const running_broker broker = start_broker();
  run_parts(broker.url);
  expect_the_account_of_one_process(broker.url);
  EXPECT_EQ(result("merged").measured.generator.workers.size(), 3U);
}

TEST_F(Hosts, GiveItOfMosquittoToo) {
  // Below the ports that the system gives to clients.
  const std::string port = std::to_string(20'000 + ::getpid() % 10'000);
  folder.write("mosquitto.conf", "listener " + port + " 127.0.0.1\nallow_anonymous true\n");
  program mosquitto(folder, {"mosquitto", "-c", "mosquitto.conf"});
  ASSERT_TRUE(mosquitto.await([&] {
    return run_other({"mosquitto_pub", "-h", "127.0.0.1", "-p", port, "-t", "x", "-n"}).code == 0;
  }));
  const std::string url = "mqtt://127.0.0.1:" + port;
  run_parts(url);
  expect_the_account_of_one_process(url);
}

TEST_F(Hosts, MayHaveSeveralWorkersEach) {
  const running_broker broker = start_broker();
  run_parts(broker.url, {"--workers", "2"});
  expect_the_account_of_one_process(broker.url);
  EXPECT_EQ(result("merged").measured.generator.workers.size(), 6U);
}

TEST_F(Hosts, AreToldWhatIsMissingOrDoesNotBelong) {
  const running_broker broker = start_broker();
  const std::string at = in(std::chrono::milliseconds(4500));
  std::vector<program> parts;
  parts.push_back(start_part(1, 3, broker.url, at));
  parts.push_back(start_part(2, 3, broker.url, at));
  const auto other = [&](const std::string& out, const words& more) {
    words arguments{"run", "hosts.yaml", "--target", broker.url, "--part", "3/3", "--out", out};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return start(arguments);
  };
  parts.push_back(other("seeded", {"--start-at", at, "--seed", "12"}));
  parts.push_back(other("later", {"--start-at", in(std::chrono::milliseconds(4700))}));
  for (program& each : parts) ASSERT_THAT(each.finish(), ends_with(0, "to be merged"));

  const auto merge = [&](const words& names) {
    words arguments{"merge", "--out", "merged"};
    arguments.insert(arguments.end(), names.begin(), names.end());
    return run(arguments);
  };
  EXPECT_THAT(merge({"part1", "part2"}), fails_with(2, "of 3 parts 1 is missing: 3"));
  EXPECT_THAT(merge({"part1", "part2", "part1"}), fails_with(2, "are both part 1 of 3"));
  EXPECT_THAT(merge({"part1", "part2", "seeded"}), fails_with(2, "follow different plans"));
  EXPECT_THAT(merge({"part1", "part2", "later"}),
              fails_with(2, "started at " + at, "they are of different runs"));
  EXPECT_THAT(merge({"part1", "hosts.yaml"}), fails_with(2, "hosts.yaml is not a part of a run"));
  EXPECT_THAT(merge({"part1", "nowhere"}), fails_with(2, "cannot read nowhere"));

  const std::string whole = content_of("part2/part.gauntlet");
  folder.write("cut.gauntlet", whole.substr(0, whole.size() - 1));
  EXPECT_THAT(merge({"part1", "cut.gauntlet"}), fails_with(2, "cut.gauntlet is cut or damaged"));
  std::string flipped = whole;
  flipped[whole.size() / 2] ^= 1;
  folder.write("flipped.gauntlet", flipped);
  EXPECT_THAT(merge({"flipped.gauntlet"}), fails_with(2, "flipped.gauntlet is cut or damaged"));
  EXPECT_FALSE(exists("merged/result.json"));
}

TEST_F(Hosts, MissTheScenarioThatTheyRan) {
  const running_broker broker = start_broker();
  program part = start_part(1, 1, broker.url, in(std::chrono::milliseconds(4000)));
  ASSERT_THAT(part.finish(), ends_with(0, "ran to its end"));
  std::string changed(three_readers);
  changed.replace(changed.find("every: 100ms"), 12, "every: 200ms");
  folder.write("hosts.yaml", changed);
  EXPECT_THAT(run({"merge", "part1"}),
              fails_with(2, "hosts.yaml is no longer the scenario that the parts ran"));
  folder.write("kept.yaml", std::string(three_readers));
  EXPECT_THAT(run({"merge", "part1", "--scenario", "kept.yaml", "--out", "merged"}),
              ends_with(0, "PASSED"));
}

TEST_F(Hosts, AreToldWhatIsWrongWithTheirFlags) {
  const auto wrong = [&](const words& more) {
    words arguments{"run", "hosts.yaml", "--out", "out"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run(arguments);
  };
  const std::string at = in(std::chrono::seconds(30));
  EXPECT_THAT(wrong({"--part", "1/2"}), fails_with(2, "--part and --start-at go together"));
  EXPECT_THAT(wrong({"--start-at", at}), fails_with(2, "--part and --start-at go together"));
  EXPECT_THAT(wrong({"--part", "0/2", "--start-at", at}), fails_with(2, "--part 0/2"));
  EXPECT_THAT(wrong({"--part", "3/2", "--start-at", at}), fails_with(2, "--part 3/2"));
  EXPECT_THAT(wrong({"--part", "1/2", "--start-at", "noon"}),
              fails_with(2, "--start-at noon: give the time in UTC"));
  EXPECT_THAT(wrong({"--part", "1/2", "--start-at", at}),
              fails_with(2, "--part needs a broker that all hosts reach"));
  EXPECT_THAT(wrong({"--part", "11/11", "--start-at", at, "--target", "mqtt://127.0.0.1:1"}),
              fails_with(2, "part 11 of 11 has no devices"));
  EXPECT_THAT(wrong({"--part", "1/2", "--start-at", at, "--json"}), fails_with(2, "merge --json"));
}

TEST_F(Hosts, MustStartInTime) {
  const running_broker broker = start_broker();
  EXPECT_THAT(start_part(1, 1, broker.url, in(std::chrono::milliseconds(0))).finish(),
              fails_with(2, "--start-at is too early", "at least "));
  EXPECT_THAT(start_part(1, 1, broker.url, in(std::chrono::hours(30))).finish(),
              fails_with(2, "more than 1d ahead"));
  EXPECT_FALSE(exists("part1/part.gauntlet"));
}

}  // namespace
}  // namespace gauntlet::test
