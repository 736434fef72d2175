// What each peer sees of the faults that act on packets.

#include <gtest/gtest.h>

#include "tests/unit/fault/fault_bench.hpp"

namespace gauntlet::fault {
namespace {

using history::direction;
using mqtt::packet_type;
using std::chrono::milliseconds;
using std::chrono::seconds;

const selection publishes{.packets = {packet_type::publish}};

/// Publishes 1, 2 and 3 at 0, 10 and 20 ms, each acknowledged at once by the broker.
void publish_three(fault_bench& bench, const fault_bench::pair& peers) {
  for (std::uint16_t identifier = 1; identifier <= 3; ++identifier) {
    peers.client->send(message(identifier));
    bench.pass({});
    peers.broker->send(acknowledgement(identifier));
    bench.pass(milliseconds(10));
  }
  bench.pass(seconds(10));
}

struct both {
  sightings client;
  sightings broker;
};
both seen_with(const action& what, const selection& who) {
  fault_bench bench;
  const auto peers = bench.connected();
  bench.add(what, who);
  publish_three(bench, peers);
  return {peers.client->saw(), peers.broker->saw()};
}

TEST(PacketFault, NoneChangesWhatItDoesNotSelect) {
  const both seen = seen_with(drop{}, {.packets = {packet_type::pubrel}});
  EXPECT_EQ(seen.client, (sightings{"0 PUBACK 1", "10 PUBACK 2", "20 PUBACK 3"}));
  EXPECT_EQ(seen.broker, (sightings{"0 PUBLISH 1 qos 1 \"t\"", "10 PUBLISH 2 qos 1 \"t\"",
                                    "20 PUBLISH 3 qos 1 \"t\""}));
}

TEST(PacketFault, DropSwallowsThePacketAndKeepsTheConnection) {
  const both seen = seen_with(drop{}, {.packets = {packet_type::puback}, .nth = 2});
  EXPECT_EQ(seen.client, (sightings{"0 PUBACK 1", "20 PUBACK 3"}));
  EXPECT_EQ(seen.broker.size(), 3U);
}

TEST(PacketFault, CutBeforeSwallowsThePacket) {
  const both seen = seen_with(cut{.when = cut::moment::before, .how = ending::fin},
                              {.packets = {packet_type::puback}, .nth = 2});
  EXPECT_EQ(seen.client, (sightings{"0 PUBACK 1", "10 finished"}));
  EXPECT_EQ(seen.broker,
            (sightings{"0 PUBLISH 1 qos 1 \"t\"", "10 PUBLISH 2 qos 1 \"t\"", "10 finished"}));
}

TEST(PacketFault, CutAfterPassesThePacket) {
  const both seen = seen_with(cut{.when = cut::moment::after, .how = ending::reset},
                              {.packets = {packet_type::publish}, .nth = 2});
  EXPECT_EQ(seen.client, (sightings{"0 PUBACK 1", "10 reset"}));
  EXPECT_EQ(seen.broker,
            (sightings{"0 PUBLISH 1 qos 1 \"t\"", "10 PUBLISH 2 qos 1 \"t\"", "10 reset"}));
}

TEST(PacketFault, CutMidPassesTheBeginning) {
  const both seen = seen_with(cut{.when = cut::moment::mid, .bytes = 3, .how = ending::fin},
                              {.packets = {packet_type::publish}, .nth = 2});
  EXPECT_EQ(seen.broker,
            (sightings{"0 PUBLISH 1 qos 1 \"t\"", "10 3 bytes of a packet", "10 finished"}));
}

TEST(PacketFault, CutMayEndTheSidesDifferently) {
  const both seen = seen_with(cut{.how = ending::reset, .at_broker = ending::silent},
                              {.packets = {packet_type::publish}, .nth = 2});
  EXPECT_EQ(seen.client, (sightings{"0 PUBACK 1", "10 reset"}));
  EXPECT_EQ(seen.broker, (sightings{"0 PUBLISH 1 qos 1 \"t\"", "10 PUBLISH 2 qos 1 \"t\""}));
}

TEST(PacketFault, SilentCutLeavesBothSidesDeadUntilHealed) {
  fault_bench bench;
  const auto [client, broker] = bench.connected();
  bench.add(cut{.when = cut::moment::before, .how = ending::silent}, publishes);
  client->send(message(1));
  bench.pass(milliseconds(5));
  client->send(message(2));
  broker->send(acknowledgement(9));
  bench.pass(seconds(60));
  EXPECT_EQ(client->saw(), sightings{});
  EXPECT_EQ(broker->saw(), sightings{});
  // What each side says into the silence is known to be lost.
  EXPECT_EQ(bench.observer.saw(), (sightings{"0-never PUBLISH 1 qos 1 \"t\" > swallowed by 1",
                                             "0 broker side ended by link, silent by 1",
                                             "0 client side ended by link, silent by 1",
                                             "5-never PUBLISH 2 qos 1 \"t\" > swallowed by 1",
                                             "5-never PUBACK 9 < swallowed by 1"}));
  bench.faults.heal();
  bench.pass(milliseconds(1));
  EXPECT_EQ(client->saw(), (sightings{"60005 reset"}));
  EXPECT_EQ(broker->saw(), (sightings{"60005 reset"}));
}

TEST(PacketFault, DelayKeepsTheOrder) {
  const both seen =
      seen_with(delay{.by = milliseconds(15)}, {.packets = {packet_type::publish}, .nth = 1});
  EXPECT_EQ(seen.broker, (sightings{"15 PUBLISH 1 qos 1 \"t\"", "15 PUBLISH 2 qos 1 \"t\"",
                                    "20 PUBLISH 3 qos 1 \"t\""}));
}

TEST(PacketFault, DelayLetsOthersOvertake) {
  const both seen = seen_with(delay{.by = milliseconds(15), .keep_order = false},
                              {.packets = {packet_type::publish}, .nth = 1});
  EXPECT_EQ(seen.broker, (sightings{"10 PUBLISH 2 qos 1 \"t\"", "15 PUBLISH 1 qos 1 \"t\"",
                                    "20 PUBLISH 3 qos 1 \"t\""}));
}

TEST(PacketFault, DuplicateSendsCopies) {
  const both seen = seen_with(duplicate{.copies = 2, .set_dup = true, .gap = milliseconds(3)},
                              {.packets = {packet_type::publish}, .nth = 1});
  EXPECT_EQ(seen.broker, (sightings{"0 PUBLISH 1 qos 1 \"t\"", "3 PUBLISH 1 qos 1 dup \"t\"",
                                    "6 PUBLISH 1 qos 1 dup \"t\"", "10 PUBLISH 2 qos 1 \"t\"",
                                    "20 PUBLISH 3 qos 1 \"t\""}));
}

TEST(PacketFault, ReorderSwapsNeighbours) {
  const both seen = seen_with(reorder{.window = 2, .at_most = milliseconds(100)}, publishes);
  EXPECT_EQ(seen.broker, (sightings{"10 PUBLISH 2 qos 1 \"t\"", "10 PUBLISH 1 qos 1 \"t\"",
                                    "120 PUBLISH 3 qos 1 \"t\""}));
}

TEST(PacketFault, HoldWaitsForAnotherPacket) {
  const both seen = seen_with(hold{.until = packet_type::publish, .towards = direction::to_broker},
                              {.packets = {packet_type::puback}, .nth = 1});
  EXPECT_EQ(seen.client, (sightings{"10 PUBACK 1", "10 PUBACK 2", "20 PUBACK 3"}));
  const both in_vain = seen_with(hold{.until = packet_type::pubrel, .at_most = milliseconds(15)},
                                 {.packets = {packet_type::puback}, .nth = 1});
  EXPECT_EQ(in_vain.client, (sightings{"10 PUBACK 2", "15 PUBACK 1", "20 PUBACK 3"}));
}

TEST(PacketFault, SplitSendsPieces) {
  fault_bench bench;
  const auto [client, broker] = bench.connected();
  bench.add(split{.bytes = 3, .gap = milliseconds(2)}, publishes);
  client->send(message(1));  // 8 bytes
  client->send(mqtt::pingreq{});
  bench.pass(seconds(1));
  EXPECT_EQ(broker->pieces(), (sightings{"0 3", "2 3", "4 2", "4 2"}));
  EXPECT_EQ(broker->saw(), (sightings{"4 PUBLISH 1 qos 1 \"t\"", "4 PINGREQ"}));
}

TEST(PacketFault, CoalesceSendsPacketsTogether) {
  fault_bench bench;
  const auto peers = bench.connected();
  bench.add(coalesce{.packets = 2, .at_most = milliseconds(50)}, publishes);
  publish_three(bench, peers);
  EXPECT_EQ(peers.broker->pieces(), (sightings{"10 16", "70 8"}));
}

TEST(PacketFault, StallStopsOneDirectionForAWhile) {
  const both seen = seen_with(stall{.lasting = milliseconds(15)},
                              {.packets = {packet_type::publish}, .times = 1});
  EXPECT_EQ(seen.broker, (sightings{"15 PUBLISH 1 qos 1 \"t\"", "15 PUBLISH 2 qos 1 \"t\"",
                                    "20 PUBLISH 3 qos 1 \"t\""}));
  EXPECT_EQ(seen.client.size(), 3U);
}

TEST(PacketFault, HalfOpenKillsOneDirection) {
  const both seen = seen_with(half_open{}, {.packets = {packet_type::publish}, .nth = 2});
  EXPECT_EQ(seen.broker, (sightings{"0 PUBLISH 1 qos 1 \"t\""}));
  EXPECT_EQ(seen.client.size(), 3U);  // the other direction lives
}

TEST(PacketFault, RewriteInjectAndWithholdChangeWhatPasses) {
  const both rewritten =
      seen_with(rewrite{.which = rewrite::field::packet_identifier, .value = "77"},
                {.packets = {packet_type::puback}, .nth = 1});
  EXPECT_EQ(rewritten.client, (sightings{"0 PUBACK 77", "10 PUBACK 2", "20 PUBACK 3"}));

  const both injected = seen_with(inject{.packet = {0xD0, 0x00}, .towards = direction::to_client},
                                  {.packets = {packet_type::publish}, .nth = 2});
  EXPECT_EQ(injected.client,
            (sightings{"0 PUBACK 1", "10 PINGRESP", "10 PUBACK 2", "20 PUBACK 3"}));

  EXPECT_EQ(seen_with(withhold{}, {}).client, sightings{});
  EXPECT_EQ(seen_with(withhold{}, {}).broker.size(), 3U);
}

}  // namespace
}  // namespace gauntlet::fault
