// Goal: the server carries the core over any network: here one in memory, under virtual time, where
// equal runs are equal bit for bit.

#include "harness/broker/server.hpp"

#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "harness/base/virtual_loop.hpp"
#include "harness/mqtt/codec.hpp"
#include "harness/net/memory_network.hpp"

namespace gauntlet::broker {
namespace {

constexpr auto version = mqtt::protocol_version::v5;

void append(byte_buffer& bytes, const mqtt::packet& packet) {
  ASSERT_TRUE(mqtt::encode(packet, version, bytes).has_value());
}

// Connects, subscribes to everything, publishes one message, and writes down what comes and when.
class device final : public net::channel_handler {
 public:
  device(net::network& network, int number) : network_(network) {
    append(first_, mqtt::connect{.client_id = "d" + std::to_string(number), .keep_alive_s = 10});
    append(first_, mqtt::subscribe{.packet_identifier = 1,
                                   .subscriptions = {{"#", {mqtt::qos::at_least_once}}}});
    append(first_, mqtt::publish{.qos = mqtt::qos::at_least_once,
                                 .topic_name = "t/" + std::to_string(number),
                                 .packet_identifier = 2,
                                 .payload = {'x'}});
    channel_ = network.dial({.host = "broker", .port = 1'883}, {}, *this);
  }

  void on_open(net::channel& open) override { open.send(first_); }
  void on_bytes(net::channel&, byte_view bytes) override {
    log += std::to_string(network_.loop().now().time_since_epoch().count()) + " " + to_hex(bytes) +
           "\n";
  }
  void on_end(net::channel&, const net::channel_end& end) override {
    log += std::string(net::to_string(end.kind)) + "\n";
  }

  std::string log;

 private:
  net::network& network_;
  byte_buffer first_;
  std::unique_ptr<net::channel> channel_;
};

struct outcome_of_run {
  std::string log;
  statistics counts;
};

outcome_of_run run_fleet(std::uint64_t seed) {
  virtual_loop loop;
  net::memory_network network(loop, {.seed = seed,
                                     .delay_min = std::chrono::milliseconds(1),
                                     .delay_max = std::chrono::milliseconds(20),
                                     .segment_bytes_max = 16});
  auto broker = server::start(network, {.listen = {{.where = {.host = "broker", .port = 1'883}}}});
  if (!broker) throw std::runtime_error(broker.error().message);
  std::vector<std::unique_ptr<device>> devices;
  for (int i = 0; i < 10; ++i) devices.push_back(std::make_unique<device>(network, i));
  const auto never = [] { return false; };
  loop.run_until(never, loop.now() + std::chrono::seconds(12));
  outcome_of_run result;
  result.counts = (*broker)->statistics();
  loop.run_until(never, loop.now() + std::chrono::seconds(60));
  EXPECT_EQ((*broker)->statistics().connections, 0U) << "all were silent beyond their keep alive";
  for (const auto& each : devices) result.log += each->log;
  return result;
}

TEST(Server, RunsUnderVirtualTime) {
  const auto result = run_fleet(1);
  EXPECT_EQ(result.counts.connections, 10U);
  EXPECT_EQ(result.counts.messages_received[1], 10U);
  // Who subscribed first gets the most; everybody gets his own.
  EXPECT_GE(result.counts.messages_sent[1], 10U);
  EXPECT_LE(result.counts.messages_sent[1], 100U);
}

TEST(Server, RunsTheSameWayAgain) {
  EXPECT_EQ(run_fleet(1).log, run_fleet(1).log);
  EXPECT_NE(run_fleet(1).log, run_fleet(2).log);
}

TEST(Server, NeedsAnAddress) {
  virtual_loop loop;
  net::memory_network network(loop);
  const auto broker = server::start(network, {});
  ASSERT_FALSE(broker.has_value());
  EXPECT_EQ(broker.error().code, exit_code::bad_input);
}

}  // namespace
}  // namespace gauntlet::broker
