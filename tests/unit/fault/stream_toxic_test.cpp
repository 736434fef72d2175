// What each peer sees of the faults that act on the stream.

#include <gtest/gtest.h>

#include "tests/unit/fault/fault_bench.hpp"

namespace gauntlet::fault {
namespace {

using history::direction;
using std::chrono::milliseconds;
using std::chrono::seconds;

const selection to_broker{.towards = direction::to_broker};

TEST(StreamToxic, LatencyDelaysEachPacket) {
  fault_bench bench;
  const auto [client, broker] = bench.connected();
  bench.add(latency{milliseconds(100), {}}, to_broker);
  client->send(message(1));
  broker->send(message(2));
  bench.pass(milliseconds(30));
  client->send(message(3));
  bench.pass(seconds(1));
  EXPECT_EQ(broker->saw(), (sightings{"100 PUBLISH 1 qos 1 \"t\"", "130 PUBLISH 3 qos 1 \"t\""}));
  EXPECT_EQ(client->saw(), (sightings{"0 PUBLISH 2 qos 1 \"t\""}));
}

TEST(StreamToxic, BandwidthPacesTheBytes) {
  fault_bench bench;
  const auto [client, broker] = bench.connected();
  bench.add(bandwidth{40}, to_broker);
  client->send(message(1));  // 8 bytes: a fifth of a second
  client->send(message(2));
  bench.pass(seconds(1));
  EXPECT_EQ(broker->pieces(), (sightings{"100 4", "200 4", "300 4", "400 4"}));
}

TEST(StreamToxic, SlowCloseDelaysTheEnd) {
  fault_bench bench;
  const auto [client, broker] = bench.connected();
  bench.add(slow_close{seconds(2)});
  client->send(message(1));
  client->channel->close();
  bench.pass(seconds(5));
  EXPECT_EQ(broker->saw(), (sightings{"0 PUBLISH 1 qos 1 \"t\"", "2000 finished"}));
}

TEST(StreamToxic, TimeoutSwallowsThenCloses) {
  fault_bench bench;
  const auto [client, broker] = bench.connected();
  bench.add(timeout{seconds(2)}, to_broker);
  client->send(message(1));
  broker->send(message(2));
  bench.pass(seconds(5));
  EXPECT_EQ(broker->saw(), (sightings{"2000 finished"}));
  EXPECT_EQ(client->saw(), (sightings{"0 PUBLISH 2 qos 1 \"t\"", "2000 finished"}));
}

TEST(StreamToxic, ResetPeerResets) {
  fault_bench bench;
  const auto [client, broker] = bench.connected();
  bench.add(reset_peer{milliseconds(500)});
  bench.pass(seconds(1));
  EXPECT_EQ(broker->saw(), (sightings{"500 reset"}));
  EXPECT_EQ(client->saw(), (sightings{"500 reset"}));
}

TEST(StreamToxic, SlicerCutsTheStream) {
  fault_bench bench;
  const auto [client, broker] = bench.connected();
  bench.add(slicer{3, 0, milliseconds(10)}, to_broker);
  client->send(message(1));
  bench.pass(seconds(1));
  EXPECT_EQ(broker->pieces(), (sightings{"0 3", "10 3", "20 2"}));
}

TEST(StreamToxic, LimitDataClosesAfterTheBytes) {
  fault_bench bench;
  const auto [client, broker] = bench.connected();
  bench.add(limit_data{10}, to_broker);
  client->send(message(1));
  client->send(message(2));
  bench.pass(seconds(1));
  EXPECT_EQ(broker->saw(),
            (sightings{"0 PUBLISH 1 qos 1 \"t\"", "0 2 bytes of a packet", "0 finished"}));
  EXPECT_EQ(client->saw(), (sightings{"0 finished"}));
}

TEST(StreamToxic, PacketLossStallsAndKeepsTheOrder) {
  fault_bench bench;
  const auto [client, broker] = bench.connected();
  bench.add(packet_loss{0.5, milliseconds(200)}, to_broker);
  for (std::uint16_t i = 1; i <= 20; ++i) client->send(message(i));
  bench.pass(seconds(300));
  const sightings seen = broker->saw();
  ASSERT_EQ(seen.size(), 20U);
  for (std::size_t i = 0; i < seen.size(); ++i) {
    EXPECT_NE(seen[i].find("PUBLISH " + std::to_string(i + 1) + " "), std::string::npos);
  }
  EXPECT_EQ(seen.back().substr(0, 2) == "0 ", false) << "nothing was lost";
}

TEST(StreamToxic, SlowReaderHoldsTheSenderBack) {
  const auto backlog_with = [](const action& what) {
    fault_bench bench({.network = {.window_bytes = 1'000}});
    const auto [client, broker] = bench.connected();
    bench.add(what, {.towards = direction::to_client});
    mqtt::publish large = message(1);
    large.payload.resize(1'000);
    for (int i = 0; i < 50; ++i) broker->send(large);
    bench.pass(seconds(1));
    return broker->channel->backlog_bytes();
  };
  EXPECT_GT(backlog_with(slow_reader{100}), 40'000U);
  EXPECT_EQ(backlog_with(bandwidth{100}), 0U);  // waits in the link
}

TEST(StreamToxic, DownCutsAndRefusesUntilItEnds) {
  fault_bench bench;
  const auto [client, broker] = bench.connected();
  bench.add(down{});
  bench.pass(milliseconds(1));
  EXPECT_EQ(client->saw(), (sightings{"0 reset"}));
  EXPECT_EQ(broker->saw(), (sightings{"0 reset"}));
  const auto refused = bench.dialed();
  bench.pass(milliseconds(1));
  EXPECT_FALSE(refused.client->is_open());
  EXPECT_EQ(refused.client->saw(), (sightings{"1 connect failed"}));
  EXPECT_EQ(refused.broker, nullptr);
  EXPECT_TRUE(bench.faults.enable("down", false));
  EXPECT_NE(bench.dialed().broker, nullptr);
}

TEST(StreamToxic, PartitionLeavesDialsUnanswered) {
  fault_bench bench;
  bench.add(partition{});
  const auto given_up = bench.dialed();
  bench.pass(seconds(60));
  EXPECT_EQ(given_up.client->saw(), (sightings{"10000 timed out"}));
  const auto patient = bench.dialed();
  EXPECT_TRUE(bench.faults.remove("partition"));
  bench.pass(seconds(9));
  EXPECT_TRUE(patient.client->is_open());
}

TEST(StreamToxic, PartitionHoldsAllUntilItIsHealed) {
  fault_bench bench;
  const auto [client, broker] = bench.connected();
  bench.add(partition{});
  client->send(message(1));
  broker->send(message(2));
  client->channel->close();
  bench.pass(seconds(5));
  EXPECT_EQ(broker->saw(), sightings{});
  bench.faults.heal();
  bench.pass(seconds(1));
  EXPECT_EQ(broker->saw(), (sightings{"5000 PUBLISH 1 qos 1 \"t\"", "5000 finished"}));
}

}  // namespace
}  // namespace gauntlet::fault
