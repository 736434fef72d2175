// Goal: wills are expected of exactly those connections that end without a DISCONNECT, and a broker
// that loses one or publishes one too many is told on. Method: simulated runs.

#include <algorithm>
#include <chrono>
#include <string>

#include <gtest/gtest.h>

#include "harness/broker/defects.hpp"
#include "tests/unit/sim/engine/simulated_run.hpp"

namespace gauntlet::sim {
namespace {

// Two watchers, and devices that leave as `life` says, with `keys` of their own.
std::string leaving(const std::string& life, const std::string& keys = "",
                    const std::string& will = "payload: '{{\"state\": \"offline\"}}', qos: 1") {
  return "name: wills\nseed: 9\nduration: 60s\ndrain: 20s\nfleet:\n"
         "  - group: watchers\n    count: 2\n    subscribe: [{filter: \"will/#\", qos: 1}]\n"
         "  - group: pulse\n    count: 1\n    publish: [{topic: pulse, every: 1s, payload: x}]\n"
         "  - group: devices\n    count: 20\n    keep_alive: 2s\n" +
         keys + "    life_cycle: {" + life + "}\n    will: {topic: \"will/{index}\", " + will +
         "}\n";
}

record::will_account wills(const std::string& text, const std::string& defect = "") {
  run_options options;
  if (!defect.empty()) options.target.embedded.defects.push_back(*broker::parse_defect(defect));
  return run(text, options).measured.wills;
}

void expect_seen(const record::will_account& wills) {
  EXPECT_GT(wills.expected, 60U);
  EXPECT_EQ(wills.delivered, wills.expected);
  EXPECT_EQ(wills.missing, 0U);
  EXPECT_EQ(wills.unexpected, 0U);
}

constexpr const char* sleep_5_10 = "sleep: {awake: 5s, asleep: 10s}, departure: ";
constexpr const char* session_kept = "    clean_start: false\n    session_expiry: 1h\n";

TEST(Wills, OfWhoLeavesInOrderAreDropped) {
  EXPECT_EQ(wills(leaving(sleep_5_10 + std::string("clean"))), record::will_account{});
}

TEST(Wills, OfWhoLeavesWithoutAWordAreSeen) {
  for (const char* protocol : {"", "    protocol: 3.1.1\n"}) {
    expect_seen(wills(leaving(sleep_5_10 + std::string("abrupt"), protocol)));
    expect_seen(wills(leaving(sleep_5_10 + std::string("half_open"), protocol)));
  }
}

TEST(Wills, AreKnownWhateverTheirPayload) {
  for (const char* will : {"qos: 1", "payload: gone, qos: 1", "payload: '{{}}', qos: 1",
                           "payload: gone, qos: 1, stamp: user_property"}) {
    expect_seen(wills(leaving(sleep_5_10 + std::string("abrupt"), "", will)));
  }
  EXPECT_EQ(wills(leaving(sleep_5_10 + std::string("abrupt"), "", "stamp: none")),
            record::will_account{});
}

TEST(Wills, OfWhoIsBackBeforeTheDelayIsOverAreDropped) {
  const std::string delayed = "payload: gone, qos: 1, delay: 6s";
  EXPECT_EQ(wills(leaving("sleep: {awake: 5s, asleep: 2s, spread: fixed}, departure: abrupt",
                          session_kept, delayed))
                .unexpected,
            0U);
  expect_seen(
      wills(leaving("sleep: {awake: 5s, asleep: 14s}, departure: abrupt", session_kept, delayed)));
  // Without a session the will comes at once, whatever its delay.
  expect_seen(wills(leaving("sleep: {awake: 5s, asleep: 2s}, departure: abrupt", "", delayed)));
  // A clean start ends the session, and the delay with it.
  expect_seen(wills(leaving("sleep: {awake: 5s, asleep: 2s}, departure: abrupt",
                            "    session_expiry: 1h\n", delayed)));
}

TEST(Wills, OfRoamingDevicesComeWithTheTakeover) {
  expect_seen(wills(leaving("roaming: {every: 8s}")));
}

// A storm in the last second; nothing but the wills keeps the run from ending.
std::string struck_at_the_end(const std::string& drain, const std::string& expect) {
  return "name: wills\nseed: 9\nduration: 10s\ndrain: " + drain +
         "\ndisturbances: [{at: 9s, storm: {groups: [devices], within: 500ms, back_within: 100ms}}]"
         "\nfleet:\n"
         "  - group: watchers\n    count: 2\n    subscribe: [{filter: \"will/#\", qos: 1}]\n"
         "  - group: devices\n    count: 20\n    will: {topic: \"will/{index}\", qos: 1}\n" +
         expect;
}

TEST(Wills, OfTheEndAreWaitedForIfAnybodyAsks) {
  const std::string asks = "expect: [{wills_missing: 0}]\n";
  const auto judged = run(struck_at_the_end("20s", asks));
  EXPECT_EQ(judged.measured.wills.expected, 40U);
  EXPECT_EQ(judged.measured.wills.delivered, 40U);
  EXPECT_EQ(judged.verdict, record::verdict::pass);
  EXPECT_LT(judged.duration, std::chrono::seconds(18));

  const auto unasked = run(struck_at_the_end("20s", ""));
  EXPECT_LT(unasked.duration, std::chrono::seconds(13));
}

TEST(Wills, OfTheEndAreToldOfWhenThereIsNoTimeForThem) {
  const auto cut = run(struck_at_the_end("2s", "expect: [{wills_missing: 0}]\n"));
  EXPECT_EQ(cut.measured.wills.expected, 0U);
  EXPECT_EQ(cut.verdict, record::verdict::inconclusive);
  const auto& events = cut.measured.events.events();
  EXPECT_TRUE(std::any_of(events.begin(), events.end(), [](const record::event& each) {
    return each.text.find("unless `drain` is longer") != std::string::npos;
  }));
}

TEST(Wills, ThatABrokerLosesAreMissing) {
  const auto lost = wills(leaving(sleep_5_10 + std::string("abrupt")), "lose-will:1/3");
  EXPECT_GT(lost.missing, 0U);
  EXPECT_EQ(lost.missing + lost.delivered, lost.expected);
  const auto unheard =
      wills(leaving(sleep_5_10 + std::string("half_open")), "lose-will-at-keep-alive-timeout:1/1");
  EXPECT_GT(unheard.missing, 0U);
}

TEST(Wills, ThatABrokerPublishesAfterAllAreUnexpected) {
  const auto kept =
      wills(leaving(sleep_5_10 + std::string("clean")), "publish-will-after-disconnect:1/1");
  EXPECT_GT(kept.unexpected, 0U);
  EXPECT_EQ(kept.expected, 0U);
}

}  // namespace
}  // namespace gauntlet::sim
