// Goal: devices that sleep, flap, visit and are struck by storms do the same on any number of
// worker processes, and the account is the same.

#include "tests/end_to_end/end_to_end.hpp"

namespace gauntlet::test {
namespace {

constexpr std::string_view lively = R"(name: lively
seed: 5
duration: 5s
drain: 15s
disturbances:
  - {at: 3s, storm: {share: 50%, groups: [meters], within: 200ms, back_within: 500ms}}
fleet:
  - group: reader
    count: 1
    subscribe: [{filter: "t/#", qos: 2}, {filter: "will/#", qos: 1}]
  - group: sleepers
    count: 12
    clean_start: false
    session_expiry: 1h
    life_cycle: {sleep: {awake: 700ms, asleep: 900ms}, departure: reset}
    will: {topic: "will/{index}", qos: 1, payload: gone}
    publish: [{topic: "t/s/{index}", every: 200ms, qos: 1, payload: one}]
  - group: visitors
    count: 12
    clean_start: false
    session_expiry: 1h
    life_cycle: {visit: {every: 1s}}
    publish: [{topic: "t/v/{index}", every: 200ms, qos: 2, payload: two}]
  - group: meters
    count: 40
    clean_start: false
    session_expiry: 1h
    publish: [{topic: "t/m/{index}", every: 500ms, qos: 1, payload: three}]
expect:
  - {connected: 100%, sent: 100%, lost: 0, unexpected_disconnects: 0, sessions_lost: 0}
  - {wills_missing: 0, wills_unexpected: 0, recovery_max: 5s}
)";

class Lives : public end_to_end {};

TEST_F(Lives, AreTheSameOnAnyNumberOfWorkers) {
  folder.write("lively.yaml", std::string(lively));
  for (const char* workers : {"1", "3"}) {
    EXPECT_THAT(run({"run", "lively.yaml", "--target", "mosquitto", "--workers", workers, "--out",
                     workers}),
                ends_with(0, "PASSED"));
  }
  const record::measurements one = result("1").measured;
  const record::measurements three = result("3").measured;
  EXPECT_EQ(three.generator.workers.size(), 3U);
  ASSERT_EQ(one.flows.size(), three.flows.size());
  for (std::size_t i = 0; i < one.flows.size(); ++i) {
    EXPECT_EQ(one.flows[i].account.planned, three.flows[i].account.planned) << one.flows[i].group;
    EXPECT_EQ(one.flows[i].account.delivered, three.flows[i].account.delivered)
        << one.flows[i].group;
  }
  ASSERT_EQ(one.connections.size(), three.connections.size());
  for (std::size_t i = 0; i < one.connections.size(); ++i) {
    const auto& left = one.connections[i];
    const auto& right = three.connections[i];
    EXPECT_EQ(left.planned_departures.counts(), right.planned_departures.counts()) << left.group;
    EXPECT_EQ(left.connected, right.connected) << left.group;
    EXPECT_EQ(left.sessions_resumed, right.sessions_resumed) << left.group;
  }
  ASSERT_EQ(three.recoveries.size(), 1U);
  EXPECT_EQ(three.recoveries[0].concerned, 20U);
  EXPECT_EQ(one.recoveries[0].concerned, 20U);
}

}  // namespace
}  // namespace gauntlet::test
