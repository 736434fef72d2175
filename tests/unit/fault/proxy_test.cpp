// A proxy between a client and a broker, in memory: it passes, it tells, and it fails as they do.

#include "harness/fault/proxy.hpp"

#include <gtest/gtest.h>

#include "tests/unit/fault/fault_bench.hpp"

namespace gauntlet::fault {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// The bench's broker, and a proxy in front of it at "proxy:1884".
class Proxy : public testing::Test {
 protected:
  Proxy() {
    auto started = proxy::start(bench.memory, bench.faults,
                                {.listen = front, .upstream = {.host = "broker", .port = 1883}});
    EXPECT_TRUE(started);
    between = std::move(*started);
  }
  bench_peer& dial() {
    bench_peer& client = clients.emplace_back(bench.loop, history::direction::to_client);
    client.channel = bench.memory.dial(front, {}, client);
    bench.pass({});
    return client;
  }

  const net::endpoint front{.host = "proxy", .port = 1884};
  fault_bench bench;
  std::unique_ptr<proxy> between;
  std::deque<bench_peer> clients;
};

TEST_F(Proxy, PassesBothWaysAndTells) {
  bench_peer& client = dial();
  client.send(mqtt::connect{.client_id = "c"});
  bench.pass({});
  bench_peer& broker = *bench.last_broker();
  broker.send(mqtt::connack{});
  bench.pass({});
  EXPECT_EQ(broker.saw(), (sightings{"0 CONNECT"}));
  EXPECT_EQ(client.saw(), (sightings{"0 CONNACK"}));
  client.channel->close();
  bench.pass(seconds(1));
  EXPECT_EQ(broker.saw(), (sightings{"0 finished"}));
  EXPECT_EQ(bench.observer.saw(),
            (sightings{"0 open 0", "0-0 CONNECT > passed", "0-0 CONNACK < passed",
                       "0 client side ended", "0 broker side ended by link"}));
  EXPECT_EQ(between->counts().accepted, 1U);
  EXPECT_EQ(between->counts().open, 0U);
}

TEST_F(Proxy, AppliesFaults) {
  bench.add(drop{}, {.packets = {mqtt::packet_type::publish}});
  bench_peer& client = dial();
  client.send(mqtt::connect{.client_id = "c"});
  client.send(message(1));
  client.send(mqtt::pingreq{});
  bench.pass({});
  EXPECT_EQ(bench.last_broker()->saw(), (sightings{"0 CONNECT", "0 PINGREQ"}));
}

TEST_F(Proxy, ResetsClientsWhoseBrokerIsNotThere) {
  bench.stop_listening();
  bench_peer& client = dial();
  bench.pass(seconds(1));
  EXPECT_EQ(client.saw(), (sightings{"0 reset"}));
  EXPECT_EQ(between->counts().unreachable, 1U);
  EXPECT_EQ(between->counts().open, 0U);
}

TEST_F(Proxy, ResetsClientsWhileTheBrokerIsDown) {
  bench.add(down{});
  EXPECT_EQ(dial().saw(), (sightings{"0 reset"}));
  EXPECT_EQ(bench.last_broker(), nullptr);
  bench.faults.heal();
  dial();
  EXPECT_NE(bench.last_broker(), nullptr);
}

TEST_F(Proxy, LetsClientsWaitWhileTheNetworkIsParted) {
  bench.add(partition{});
  bench_peer& client = dial();
  client.send(mqtt::connect{.client_id = "c"});
  bench.pass(seconds(3));
  EXPECT_EQ(bench.last_broker(), nullptr);
  EXPECT_TRUE(bench.faults.remove("partition"));
  bench.pass(seconds(1));
  ASSERT_NE(bench.last_broker(), nullptr);
  EXPECT_EQ(bench.last_broker()->saw().size(), 1U);
}

TEST_F(Proxy, ResetsAllWhenItGoes) {
  bench_peer& client = dial();
  between.reset();
  bench.pass(milliseconds(1));
  EXPECT_EQ(client.saw(), (sightings{"0 reset"}));
  EXPECT_EQ(bench.last_broker()->saw(), (sightings{"0 reset"}));
}

}  // namespace
}  // namespace gauntlet::fault
