// A connection through a link is as one without, until a fault strikes: what each peer saw.

#include "harness/fault/faulty_network.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/base/virtual_loop.hpp"
#include "harness/mqtt/codec.hpp"
#include "harness/net/memory_network.hpp"

namespace gauntlet::fault {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

/// What one peer saw.
struct peer final : net::channel_handler {
  void on_open(net::channel&) override { opened = true; }
  void on_bytes(net::channel&, byte_view bytes) override {
    received.insert(received.end(), bytes.begin(), bytes.end());
    pieces.push_back(bytes.size());
  }
  void on_end(net::channel&, const net::channel_end& end) override { ended = end.kind; }

  std::unique_ptr<net::channel> channel;
  byte_buffer received;
  std::vector<std::size_t> pieces;
  std::optional<net::end_kind> ended;
  bool opened = false;
};

byte_buffer packet_of(const mqtt::packet& any) {
  byte_buffer out;
  EXPECT_TRUE(mqtt::encode(any, mqtt::protocol_version::v5, out));
  return out;
}

byte_buffer hello() { return packet_of(mqtt::connect{.client_id = "meter-1"}); }
byte_buffer message(std::uint16_t identifier) {
  return packet_of(mqtt::publish{.qos = mqtt::qos::at_least_once,
                                 .topic_name = "a/b",
                                 .packet_identifier = identifier,
                                 .payload = {1, 2, 3}});
}
byte_buffer answer(std::uint16_t identifier) {
  return packet_of(mqtt::puback{.packet_identifier = identifier});
}

byte_buffer operator+(byte_buffer left, const byte_buffer& right) {
  left.insert(left.end(), right.begin(), right.end());
  return left;
}

class FaultyNetwork : public testing::Test {
 protected:
  FaultyNetwork() {
    listener = *network.listen({.host = "broker", .port = 1883}, std::nullopt,
                               [this](std::unique_ptr<net::channel> accepted) {
                                 broker.channel = std::move(accepted);
                                 broker.channel->set_handler(broker);
                               });
    faults.start(loop.now());
  }
  void connect() {
    client.channel = faulty.dial({.host = "broker", .port = 1883}, {}, client);
    settle();
    ASSERT_TRUE(client.opened);
    send(client, hello());
    broker.received.clear();
    broker.pieces.clear();
  }
  void settle(duration time = std::chrono::milliseconds(50)) {
    loop.run_until([] { return false; }, loop.now() + time);
  }
  void send(peer& from, const byte_buffer& bytes) {
    from.channel->send(bytes);
    settle();
  }
  void strike(action what, selection who = {}) {
    ASSERT_TRUE(faults.add({.name = "it", .who = std::move(who), .what = std::move(what)}));
  }

  virtual_loop loop;
  net::memory_network network{loop};
  std::vector<std::string> traced;
  injector faults{loop, {.trace = [this](std::string_view line) { traced.emplace_back(line); }}};
  faulty_network faulty{network, faults};
  std::unique_ptr<net::listener> listener;
  peer broker;
  peer client;
};

TEST_F(FaultyNetwork, PassesBytesBothWays) {
  connect();
  send(client, message(1) + message(2));
  EXPECT_EQ(broker.received, message(1) + message(2));
  EXPECT_THAT(broker.pieces, ElementsAre(message(1).size() * 2));
  send(broker, answer(1));
  EXPECT_EQ(client.received, answer(1));
  EXPECT_THAT(traced, IsEmpty());
}

TEST_F(FaultyNetwork, PassesWhatIsNotMqtt) {
  client.channel = faulty.dial({.host = "broker", .port = 1883}, {}, client);
  settle();
  const byte_buffer nonsense(40, 0xff);
  send(client, nonsense);
  EXPECT_EQ(broker.received, nonsense);
}

TEST_F(FaultyNetwork, TellsEndsInOrder) {
  connect();
  client.channel->send(message(1));
  client.channel->close();
  settle();
  EXPECT_EQ(broker.received, message(1));
  EXPECT_EQ(broker.ended, net::end_kind::finished);
  settle();
  EXPECT_EQ(faults.links(), 1U);
  broker.channel->close();
  client.channel.reset();
  settle();
  EXPECT_EQ(faulty.connections_closing(), 0U);
}

TEST_F(FaultyNetwork, TellsThatTheBrokerEnded) {
  connect();
  send(broker, answer(1));
  broker.channel->abort();
  settle();
  EXPECT_EQ(client.received, answer(1));
  EXPECT_EQ(client.ended, net::end_kind::reset);
}

TEST_F(FaultyNetwork, TellsARefusal) {
  client.channel = faulty.dial({.host = "nobody", .port = 1}, {}, client);
  settle();
  EXPECT_FALSE(client.opened);
  EXPECT_EQ(client.ended, net::end_kind::connect_failed);
  client.channel.reset();
  settle();
  EXPECT_EQ(faulty.connections_closing(), 0U);
}

TEST_F(FaultyNetwork, DropsTheSecondPuback) {
  strike(drop{}, {.packets = {mqtt::packet_type::puback}, .nth = 2});
  connect();
  send(broker, answer(1) + answer(2) + answer(3));
  EXPECT_EQ(client.received, answer(1) + answer(3));
  EXPECT_EQ(traced.back(), "0.100000 it strikes: PUBACK 2 of meter-1#1 to the client\n");
}

TEST_F(FaultyNetwork, CutsAfterAPacketAndLeavesTheClientInSilence) {
  strike(cut{.how = ending::silent, .at_broker = ending::reset},
         {.packets = {mqtt::packet_type::publish}});
  connect();
  send(client, message(1) + message(2));
  EXPECT_EQ(broker.received, message(1));
  EXPECT_EQ(broker.ended, net::end_kind::reset);
  EXPECT_EQ(client.ended, std::nullopt);
  faults.heal();
  settle();
  EXPECT_EQ(client.ended, net::end_kind::reset);
}

TEST_F(FaultyNetwork, CutsInTheMiddle) {
  strike(cut{.when = cut::moment::mid, .bytes = 3, .how = ending::fin},
         {.packets = {mqtt::packet_type::publish}});
  connect();
  send(client, message(1));
  const byte_buffer whole = message(1);
  EXPECT_EQ(broker.received, byte_buffer(whole.begin(), whole.begin() + 3));
  EXPECT_EQ(broker.ended, net::end_kind::finished);
  EXPECT_EQ(client.ended, net::end_kind::finished);
}

TEST_F(FaultyNetwork, LetsPacketsOvertake) {
  strike(delay{.by = std::chrono::milliseconds(30), .keep_order = false},
         {.packets = {mqtt::packet_type::publish}, .nth = 1});
  connect();
  send(client, message(1) + message(2));
  EXPECT_EQ(broker.received, message(2) + message(1));
}

TEST_F(FaultyNetwork, SwapsNeighbours) {
  strike(reorder{.window = 2}, {.packets = {mqtt::packet_type::publish}});
  connect();
  send(client, message(1) + message(2));
  EXPECT_EQ(broker.received, message(2) + message(1));
}

}  // namespace
}  // namespace gauntlet::fault
