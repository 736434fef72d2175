// A link without faults: what it must not change, and what it tells.

#include <gtest/gtest.h>

#include "tests/unit/fault/fault_bench.hpp"

namespace gauntlet::fault {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(Link, PassesPacketsBothWaysAndTellsThem) {
  fault_bench bench;
  const auto [client, broker] = bench.dialed();
  client->send(mqtt::connect{.client_id = "c"});
  bench.pass(milliseconds(1));
  broker->send(mqtt::connack{});
  broker->send(message(7));
  bench.pass(milliseconds(1));
  client->send(acknowledgement(7));
  bench.pass(milliseconds(1));
  EXPECT_EQ(broker->saw(), (sightings{"0 CONNECT", "2 PUBACK 7"}));
  EXPECT_EQ(client->saw(), (sightings{"1 CONNACK", "1 PUBLISH 7 qos 1 \"t\""}));
  EXPECT_EQ(bench.observer.saw(),
            (sightings{"0 open 0", "0-0 CONNECT > passed", "1-1 CONNACK < passed",
                       "1-1 PUBLISH 7 qos 1 \"t\" < passed", "2-2 PUBACK 7 > passed"}));
}

TEST(Link, TellsWhoEndedTheConnectionAndHow) {
  fault_bench bench;
  const auto first = bench.connected("a");
  first.client->channel->close();
  bench.pass(milliseconds(1));
  EXPECT_EQ(first.broker->saw(), (sightings{"0 finished"}));
  EXPECT_EQ(bench.observer.saw(),
            (sightings{"0 client side ended", "0 broker side ended by link"}));

  const auto second = bench.connected("b");
  second.broker->channel->abort();
  bench.pass(milliseconds(1));
  EXPECT_EQ(second.client->saw(), (sightings{"1 reset"}));
  EXPECT_EQ(bench.observer.saw(),
            (sightings{"1 broker side ended, reset", "1 client side ended by link, reset"}));
}

TEST(Link, PassesWhatWasSentBeforeTheEnd) {
  fault_bench bench;
  const auto [client, broker] = bench.connected();
  bench.add(latency{milliseconds(50), {}});
  client->send(message(1));
  client->channel->close();
  bench.pass(seconds(1));
  EXPECT_EQ(broker->saw(), (sightings{"50 PUBLISH 1 qos 1 \"t\"", "50 finished"}));
}

TEST(Link, PassesTheBytesOfAnUnfinishedPacket) {
  fault_bench bench;
  const auto [client, broker] = bench.connected();
  client->send_bytes(byte_buffer{0x30, 0x7F, 0x00});
  client->channel->close();
  bench.pass(milliseconds(1));
  EXPECT_EQ(broker->saw(), (sightings{"0 3 bytes of a packet", "0 finished"}));
}

TEST(Link, PassesWhatIsNotMqtt) {
  fault_bench bench;
  const auto [client, broker] = bench.dialed();
  // The length that the second to fifth byte announce has no end, and comes in two parts.
  const byte_buffer first{0x10, 0xFF, 0xFF};
  const byte_buffer second{0xFF, 0xFF, 0xFF, 0x01, 0x02};
  client->send_bytes(first);
  client->send_bytes(second);
  client->send_bytes(first);
  bench.pass(milliseconds(1));
  EXPECT_EQ(broker->received(),
            (byte_buffer{0x10, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01, 0x02, 0x10, 0xFF, 0xFF}));
}

TEST(Link, PassesPacketsThatComeByteByByte) {
  fault_bench bench;
  const auto [client, broker] = bench.connected();
  for (const std::uint8_t each : byte_buffer{0xC0, 0x00, 0xC0, 0x00})
    client->send_bytes({&each, 1});
  bench.pass(milliseconds(1));
  EXPECT_EQ(broker->saw(), (sightings{"0 PINGREQ", "0 PINGREQ"}));
}

TEST(Link, HoldsBackASenderWhoseReceiverDoesNotRead) {
  fault_bench bench;
  const auto [client, broker] = bench.connected();
  broker->channel->pause_reading();
  mqtt::publish large = message(1);
  large.payload.resize(100'000);
  for (int i = 0; i < 20; ++i) client->send(large);
  bench.pass(seconds(1));
  EXPECT_GT(client->channel->backlog_bytes(), 1'000'000U);
  EXPECT_EQ(client->times_drained(), 0);
  broker->channel->resume_reading();
  bench.pass(seconds(1));
  EXPECT_EQ(client->channel->backlog_bytes(), 0U);
  EXPECT_EQ(client->times_drained(), 1);
  EXPECT_EQ(broker->saw().size(), 20U);
}

TEST(Link, StopsReadingFromABrokerWhoseClientDoesNotRead) {
  fault_bench bench;
  const auto [client, broker] = bench.connected();
  client->channel->pause_reading();
  mqtt::publish large = message(1);
  large.payload.resize(100'000);
  for (int i = 0; i < 20; ++i) broker->send(large);
  bench.pass(seconds(1));
  EXPECT_GT(broker->channel->backlog_bytes(), 1'000'000U);
  EXPECT_EQ(client->bytes_received(), 5U);  // CONNACK
  client->channel->resume_reading();
  bench.pass(seconds(1));
  EXPECT_EQ(client->saw().size(), 20U);
}

TEST(Link, TellsADialThatFails) {
  fault_bench bench({.network = {.fail_at = 1}});
  const auto [client, broker] = bench.dialed();
  bench.pass(seconds(1));
  EXPECT_EQ(broker, nullptr);
  EXPECT_EQ(client->saw(), (sightings{"0 connect failed"}));
  EXPECT_EQ(bench.network.connections_closing(), 0U);
}

TEST(Link, ForgetsADialThatIsGivenUp) {
  fault_bench bench;
  bench.dialed().client->channel.reset();
  const auto [client, broker] = bench.dialed();
  client->channel->close();
  bench.pass(seconds(1));
  EXPECT_EQ(bench.network.connections_closing(), 0U);
  bench_peer never(bench.loop, history::direction::to_client);
  never.channel = bench.network.dial({.host = "broker", .port = 1883}, {}, never);
  never.channel.reset();
  bench.pass(seconds(1));
  EXPECT_EQ(bench.network.connections_closing(), 0U);
  EXPECT_EQ(never.saw(), sightings{});
}

TEST(Link, ForgetsConnectionsThatAreOver) {
  fault_bench bench;
  for (const bool polite : {true, false}) {
    const auto [client, broker] = bench.connected();
    if (polite)
      client->channel->close();
    else
      client->channel->abort();
    bench.pass(seconds(1));
    EXPECT_EQ(bench.network.connections_closing(), 0U);
  }
}

}  // namespace
}  // namespace gauntlet::fault
