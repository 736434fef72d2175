// Goal: wherever the stamp stands, every message is judged, and a broker that loses some is
// convicted; without a stamp, messages are counted and nothing is claimed.

#include <gtest/gtest.h>

#include "tests/integration/sim/fleet.hpp"

namespace gauntlet::sim {
namespace {

// Each format and place has a group of its own, so that each has an account of its own: 5 devices,
// 20 messages each.
constexpr std::uint64_t messages = 100;
constexpr std::string_view all_places = R"(name: places
seed: 3
duration: 2s
fleet:
  - {group: reader, count: 1, subscribe: [{filter: "p/#", qos: 2}]}
  - {group: json, count: 5, publish: [{topic: "p/a/{index}", every: 100ms, qos: 1, payload: {json: {n: {counter: {}}}}}]}
  - {group: cbor, count: 5, publish: [{topic: "p/b/{index}", every: 100ms, qos: 1, payload: {cbor: {n: {counter: {}}}}}]}
  - {group: packed, count: 5, publish: [{topic: "p/c/{index}", every: 100ms, qos: 1, payload: {messagepack: {n: {counter: {}}}}}]}
  - {group: layout, count: 5, publish: [{topic: "p/d/{index}", every: 100ms, qos: 1, payload: {layout: [u8 1]}}]}
  - {group: compact, count: 5, publish: [{topic: "p/e/{index}", every: 100ms, qos: 1, stamp: compact, payload: {layout: [u8 1]}}]}
  - {group: small, count: 5, publish: [{topic: "p/f/{index}", every: 100ms, qos: 1, payload: {random: 16B}}]}
  - {group: beside, count: 5, publish: [{topic: "p/g/{index}", every: 100ms, qos: 1, stamp: user_property, payload: {layout: [u8 1]}}]}
  - {group: text, count: 5, publish: [{topic: "p/h/{index}", every: 100ms, qos: 1, payload: "{sequence}"}]}
  - {group: bare, count: 5, publish: [{topic: "p/i/{index}", every: 100ms, qos: 1, stamp: none, payload: {layout: [u8 1]}}]}
)";

void expect_unjudged(record::run_result& result, std::uint64_t receipts) {
  const record::delivery_account& account = result.measured.flow("bare", 1).account;
  EXPECT_EQ(account.sent, messages);
  EXPECT_EQ(account.unjudged, receipts);
  EXPECT_EQ(account.payload_bytes_received, receipts);
  EXPECT_EQ(account.expected_deliveries + account.delivered + account.lost, 0U);
  EXPECT_EQ(account.duplicated + account.reordered + account.uncertain + account.unexpected, 0U);
  EXPECT_EQ(result.measured.foreign_messages, 0U);
}

TEST(StampPlaces, AreAllJudgedButNone) {
  const fleet_plan plan(parsed_scenario(std::string(all_places)));
  record::run_result result = run(plan, {.simulate = true});
  for (const record::message_flow& flow : result.measured.flows) {
    if (flow.group == "bare") continue;
    EXPECT_EQ(flow.account.delivered, messages) << flow.group;
    EXPECT_EQ(flow.account.lost + flow.account.duplicated + flow.account.reordered, 0U);
    EXPECT_EQ(flow.latency_from_schedule.count(), messages) << flow.group;
    EXPECT_LT(flow.latency_from_schedule.max(), std::chrono::seconds(1)) << flow.group;
  }
  expect_unjudged(result, messages);
  EXPECT_NE(result.measured.events.events().at(0).text.find("group bare, 'p/i/{index}': no stamp"),
            std::string::npos);
}

TEST(StampPlaces, AreAllMissedByABrokerThatLosesMessages) {
  const fleet_plan plan(parsed_scenario(std::string(all_places)));
  run_options options{.simulate = true};
  options.target.embedded.defects.push_back(*broker::parse_defect("lose-qos1-delivery:1/3"));
  record::run_result result = run(plan, options);
  for (const record::message_flow& flow : result.measured.flows) {
    if (flow.group == "bare") continue;
    EXPECT_GT(flow.account.lost, 0U) << flow.group;
    EXPECT_EQ(flow.account.lost + flow.account.delivered, messages) << flow.group;
  }
  const record::delivery_account& bare = result.measured.flow("bare", 1).account;
  EXPECT_LT(bare.unjudged, messages);
  EXPECT_EQ(bare.lost, 0U);
}

}  // namespace
}  // namespace gauntlet::sim
