// Goal: the network in memory is as slow, lossy and broken as it is told to be, and the same for
// the same seed. What every network promises is checked by channel_contract_test.

#include "harness/net/memory_network.hpp"

#include <algorithm>
#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/base/virtual_loop.hpp"
#include "tests/support/recorder.hpp"

namespace gauntlet::net {
namespace {

using namespace std::chrono_literals;

time_point at(duration since_start) { return time_point{} + since_start; }

// A server that echoes, and one client.
struct world {
  explicit world(memory_network_options options) : network(loop, options) {
    auto listening =
        network.listen(broker, std::nullopt, [this](std::unique_ptr<channel> accepted) {
          servers.push_back(std::make_unique<recorder>(std::move(accepted)));
          recorder& server = *servers.back();
          server.when_bytes = [&server] {
            if (server.own) server.own->send(as_bytes(std::exchange(server.received, {})));
          };
        });
    listening_ = std::move(*listening);
  }

  void dial(endpoint where = broker) { client.own = network.dial(where, {.timeout = 10s}, client); }

  static inline const endpoint broker{.host = "broker", .port = 1883};
  virtual_loop loop;
  memory_network network;
  std::unique_ptr<listener> listening_;
  std::vector<std::unique_ptr<recorder>> servers;
  recorder client;
};

TEST(MemoryNetwork, OpensAfterOneRoundTripAndEchoesAfterAnother) {
  world w({.delay_min = 10ms, .delay_max = 10ms});
  w.dial();
  w.client.when_open = [&] {
    EXPECT_EQ(w.loop.now(), at(20ms));
    w.client.own->send(as_bytes("hello"));
  };
  w.loop.run();
  EXPECT_EQ(w.client.received, "hello");
  EXPECT_EQ(w.loop.now(), at(40ms));
}

TEST(MemoryNetwork, LimitsTheRateOfEachDirection) {
  world w({.bytes_per_s = 1000});
  w.dial();
  w.client.when_open = [&] { w.client.own->send(as_bytes(std::string(500, 'x'))); };
  w.loop.run();
  EXPECT_EQ(w.client.received.size(), 500U);
  EXPECT_EQ(w.loop.now(), at(1s));  // half a second there, half a second back
}

TEST(MemoryNetwork, SplitsLongSendsAndKeepsTheirOrder) {
  world w({.delay_min = 1ms, .delay_max = 50ms, .segment_bytes_max = 10});
  std::string sent;
  for (int i = 0; i < 500; ++i) sent += std::to_string(i);
  int pieces = 0;
  w.dial();
  w.client.when_open = [&] { w.client.own->send(as_bytes(sent)); };
  w.client.when_bytes = [&] { ++pieces; };
  w.loop.run();
  EXPECT_EQ(w.client.received, sent);
  EXPECT_GT(pieces, static_cast<int>(sent.size() / 10));
}

TEST(MemoryNetwork, LostSegmentsComeLateButCome) {
  world w({.seed = 3, .delay_min = 1ms, .delay_max = 1ms, .segment_bytes_max = 10, .loss = 0.2});
  const std::string sent(1000, 'x');
  w.dial();
  w.client.when_open = [&] { w.client.own->send(as_bytes(sent)); };
  w.loop.run();
  EXPECT_EQ(w.client.received, sent);
  EXPECT_GT(w.loop.now(), at(200ms));
}

TEST(MemoryNetwork, BreakageResetsBothEnds) {
  world w({.breakage = 1.0});
  w.dial();
  w.client.when_open = [&] { w.client.own->send(as_bytes("x")); };
  w.loop.run();
  ASSERT_TRUE(w.client.end && w.servers.at(0)->end);
  EXPECT_EQ(w.client.end->kind, end_kind::reset);
  EXPECT_EQ(w.client.end->detail, "connection reset by broker:1883");
  EXPECT_EQ(w.servers[0]->end->kind, end_kind::reset);
  EXPECT_TRUE(w.servers[0]->received.empty());
}

TEST(MemoryNetwork, RefusesWhereNobodyListens) {
  world w({});
  w.dial({.host = "broker", .port = 1884});
  w.loop.run();
  ASSERT_TRUE(w.client.end);
  EXPECT_EQ(w.client.end->kind, end_kind::connect_failed);
  EXPECT_EQ(w.client.end->detail, "connection refused by broker:1884");
}

TEST(MemoryNetwork, BlackHolesLetDialsTimeOut) {
  world w({.black_hole = true});
  w.dial({.host = "::1", .port = 1884});
  w.loop.run();
  ASSERT_TRUE(w.client.end);
  EXPECT_EQ(w.client.end->kind, end_kind::timed_out);
  EXPECT_EQ(w.client.end->detail, "no connection for [::1]:1884 within 10s");
  EXPECT_EQ(w.loop.now(), at(10s));
}

TEST(MemoryNetwork, SlowServersLearnThatTheDialerGaveUp) {
  world w({.delay_min = 6s, .delay_max = 6s});
  w.dial();
  w.loop.run();
  ASSERT_TRUE(w.client.end && w.servers.at(0)->end);
  EXPECT_EQ(w.client.end->kind, end_kind::timed_out);
  EXPECT_EQ(w.servers[0]->end->kind, end_kind::reset);
}

TEST(MemoryNetwork, OpenConnectionsKeepNoTimeLimit) {
  world w({.delay_min = 1ms, .delay_max = 1ms});
  w.dial();
  w.loop.run();
  EXPECT_TRUE(w.client.opened);
  EXPECT_LT(w.loop.now(), at(10s));
}

TEST(MemoryNetwork, TlsSettingsNeedNoFiles) {
  world w({});
  const auto context = w.network.prepare_tls({.ca_file = "/nowhere/ca.pem"});
  ASSERT_TRUE(context);
  EXPECT_NE(*context, nullptr);
}

// The times and sizes of everything that happened in a run of some clients.
std::string story(std::uint64_t seed) {
  world w({.seed = seed,
           .delay_min = 1ms,
           .delay_max = 20ms,
           .bytes_per_s = 100'000,
           .segment_bytes_max = 50,
           .loss = 0.05,
           .breakage = 0.01,
           .window_bytes = 300});
  std::string told;
  const auto tell = [&](std::size_t who, const std::string& what) {
    told += std::to_string(w.loop.now().time_since_epoch().count()) + ' ' + std::to_string(who) +
            ' ' + what + '\n';
  };
  std::vector<recorder> clients(10);
  for (std::size_t i = 0; i < clients.size(); ++i) {
    clients[i].own = w.network.dial(world::broker, {}, clients[i]);
    clients[i].when_open = [&, i] {
      tell(i, "open");
      clients[i].own->send(as_bytes(std::string(1000, 'x')));
    };
    clients[i].when_bytes = [&, i] { tell(i, std::to_string(clients[i].received.size())); };
    clients[i].when_ended = [&, i] { tell(i, clients[i].end->detail); };
  }
  w.loop.run();
  return told;
}

TEST(MemoryNetwork, EqualSeedsTellEqualStories) {
  EXPECT_EQ(story(1), story(1));
  EXPECT_NE(story(1), story(2));
  EXPECT_THAT(story(1), testing::HasSubstr("reset"));
}

TEST(MemoryNetwork, EveryOperationCanBeMadeToFail) {
  std::vector<end_kind> ends;
  std::uint64_t fail_at = 1;
  for (;; ++fail_at) {
    world w({.delay_min = 1ms, .delay_max = 1ms, .fail_at = fail_at});
    w.dial();
    w.client.when_open = [&] { w.client.own->send(as_bytes("hello")); };
    w.loop.run();
    if (w.network.operations() < fail_at) break;
    ASSERT_TRUE(w.client.end) << "operation " << fail_at;
    ends.push_back(w.client.end->kind);
    EXPECT_TRUE(w.servers.empty() || w.servers[0]->end) << "operation " << fail_at;
  }
  // Dial; send and arrival of the request; send and arrival of the echo.
  EXPECT_THAT(ends, testing::ElementsAre(end_kind::connect_failed, end_kind::reset, end_kind::reset,
                                         end_kind::reset, end_kind::reset));
}

}  // namespace
}  // namespace gauntlet::net
