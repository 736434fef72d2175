// Goal: what channel.hpp and network.hpp promise holds on every network, so that code may be tested
// on one and used on another.

#include <array>
#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/base/virtual_loop.hpp"
#include "harness/net/asio_network.hpp"
#include "harness/net/memory_network.hpp"
#include "tests/support/certificates.hpp"
#include "tests/support/recorder.hpp"
#include "tests/support/temporary_directory.hpp"

namespace gauntlet::net {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::HasSubstr;

/// The real network with any transport.
template <transport Kind>
struct over_sockets {
  static constexpr transport kind = Kind;

  over_sockets() {
    if (kind == transport::tcp || kind == transport::ws) return;
    const test::identity_files identity = authority.issue("server");
    server_tls = tls_server_options{.certificate_file = identity.certificate_file,
                                    .key_file = identity.key_file};
    dialing.tls = *network.prepare_tls({.ca_file = authority.ca_file()});
  }

  test::temporary_directory directory;
  test::certificate_authority authority{directory, "Contract CA"};
  std::optional<tls_server_options> server_tls;
  dial_options dialing;
  asio_loop loop;
  asio_network network{loop};
};

struct in_memory {
  static constexpr transport kind = transport::tcp;
  std::optional<tls_server_options> server_tls;
  dial_options dialing;
  virtual_loop loop;
  memory_network network{loop, {.delay_min = 1ms, .delay_max = 5ms, .segment_bytes_max = 60'000}};
};

template <class Medium>
class ChannelContract : public testing::Test {
 protected:
  bool eventually(const std::function<bool()>& done) {
    return medium.loop.run_until(done, medium.loop.now() + 5s);
  }

  void listen() {
    auto listening =
        medium.network.listen(here(), medium.server_tls, [this](std::unique_ptr<channel> accepted) {
          server = std::make_unique<recorder>(std::move(accepted));
        });
    ASSERT_TRUE(listening) << listening.error().message;
    listener_ = std::move(*listening);
  }

  endpoint here(std::uint16_t port = 0) const {
    return {.transport = Medium::kind, .host = "127.0.0.1", .port = port};
  }
  endpoint where() const { return here(listener_->port()); }

  void connect() {
    listen();
    client.own = medium.network.dial(where(), medium.dialing, client);
    ASSERT_TRUE(eventually([&] { return client.opened && server; }))
        << (client.end ? client.end->detail : "no end");
  }

  Medium medium;
  std::unique_ptr<listener> listener_;
  std::unique_ptr<recorder> server;
  recorder client;
  const std::string big = std::string(8'000'000, 'x');
};

using media = testing::Types<over_sockets<transport::tcp>, over_sockets<transport::tls>,
                             over_sockets<transport::ws>, over_sockets<transport::wss>, in_memory>;

struct names {
  template <class Medium>
  static std::string GetName(int) {
    if (std::is_same_v<Medium, in_memory>) return "Memory";
    const std::array<std::string, 4> transports = {"Tcp", "Tls", "WebSocket", "SecureWebSocket"};
    return transports.at(static_cast<std::size_t>(Medium::kind));
  }
};

TYPED_TEST_SUITE(ChannelContract, media, names);

TYPED_TEST(ChannelContract, MovesBytesInBothDirections) {
  this->connect();
  EXPECT_EQ(this->client.own->send(as_bytes("ping")), 0U);
  this->server->own->send(as_bytes("pong"));
  EXPECT_TRUE(this->eventually(
      [&] { return this->server->received == "ping" && this->client.received == "pong"; }));
}

TYPED_TEST(ChannelContract, NeverCallsBackFromInsideACall) {
  this->listen();
  this->client.own = this->medium.network.dial(this->where(), this->medium.dialing, this->client);
  EXPECT_FALSE(this->client.opened);
  recorder refused;
  refused.own = this->medium.network.dial(this->here(1), this->medium.dialing, refused);
  EXPECT_FALSE(refused.end);
}

TYPED_TEST(ChannelContract, ReportsARefusedDial) {
  this->client.own = this->medium.network.dial(this->here(1), this->medium.dialing, this->client);
  ASSERT_TRUE(this->eventually([&] { return this->client.end.has_value(); }));
  EXPECT_EQ(this->client.end->kind, end_kind::connect_failed);
  EXPECT_EQ(this->client.end->detail, "connection refused by 127.0.0.1:1");
  EXPECT_FALSE(this->client.opened);
}

TYPED_TEST(ChannelContract, KeepsWhatThePeerDoesNotTakeAndTellsWhenItIsGone) {
  this->connect();
  this->server->own->pause_reading();
  const std::size_t kept = this->client.own->send(as_bytes(this->big));
  EXPECT_GT(kept, 0U);
  EXPECT_EQ(this->client.own->backlog_bytes(), kept);
  EXPECT_GE(this->client.own->send(as_bytes("end")), 3U);  // what lies above may have framed it
  EXPECT_FALSE(this->medium.loop.run_until([&] { return this->client.drained > 0; },
                                           this->medium.loop.now() + 50ms));
  EXPECT_TRUE(this->server->received.empty());

  this->server->own->resume_reading();
  EXPECT_TRUE(this->eventually([&] { return this->client.drained == 1; }));
  EXPECT_EQ(this->client.own->backlog_bytes(), 0U);
  EXPECT_TRUE(this->eventually([&] { return this->server->received == this->big + "end"; }));
}

TYPED_TEST(ChannelContract, PausesInTheMiddleOfAStream) {
  this->connect();
  int pauses = 0;
  this->server->when_bytes = [&] {
    this->server->own->pause_reading();
    ++pauses;
    this->medium.loop.post([&] { this->server->own->resume_reading(); });
  };
  this->client.own->send(as_bytes(this->big));
  EXPECT_TRUE(this->eventually([&] { return this->server->received.size() == this->big.size(); }));
  EXPECT_GT(pauses, 10);
}

TYPED_TEST(ChannelContract, CloseDeliversEverythingAndThenTheEnd) {
  this->connect();
  this->client.own->send(as_bytes(this->big));
  this->client.own->close();
  this->client.own.reset();
  ASSERT_TRUE(this->eventually([&] { return this->server->end.has_value(); }));
  EXPECT_EQ(this->server->received.size(), this->big.size());
  EXPECT_EQ(this->server->end->kind, end_kind::finished);
  EXPECT_FALSE(this->client.end);
}

TYPED_TEST(ChannelContract, CloseWithUnreadBytesIsNoReset) {
  this->connect();
  this->client.own->pause_reading();
  this->server->own->send(as_bytes(this->big));
  this->medium.loop.run_until([] { return false; }, this->medium.loop.now() + 20ms);
  this->client.own->send(as_bytes("last words"));
  this->client.own->close();
  this->client.own.reset();
  ASSERT_TRUE(this->eventually([&] { return this->server->end.has_value(); }));
  EXPECT_EQ(this->server->received, "last words");
  EXPECT_EQ(this->server->end->kind, end_kind::finished);
}

TYPED_TEST(ChannelContract, WhatWasSentBeforeThePeersEndIsStillDelivered) {
  this->connect();
  this->client.own->pause_reading();
  this->server->own->send(as_bytes(this->big));
  this->client.own->close();
  ASSERT_TRUE(this->eventually([&] { return this->server->end.has_value(); }));
  EXPECT_EQ(this->server->end->kind, end_kind::finished);
}

TYPED_TEST(ChannelContract, AbortIsAReset) {
  this->connect();
  this->client.own->abort();
  ASSERT_TRUE(this->eventually([&] { return this->server->end.has_value(); }));
  EXPECT_EQ(this->server->end->kind, end_kind::reset);
  EXPECT_THAT(this->server->end->detail, AllOf(HasSubstr("reset by "), HasSubstr("127.0.0.1:")));
  EXPECT_FALSE(this->client.end);
}

TYPED_TEST(ChannelContract, DestroyingIsAReset) {
  this->connect();
  this->client.own.reset();
  ASSERT_TRUE(this->eventually([&] { return this->server->end.has_value(); }));
  EXPECT_EQ(this->server->end->kind, end_kind::reset);
}

TYPED_TEST(ChannelContract, AWriteThatFailsIsReportedAsAReset) {
  this->connect();
  this->server->own->abort();
  // The reset is at the door, but not seen yet.
  while (!this->client.end) {
    this->client.own->send(as_bytes("into the void"));
    ASSERT_TRUE(this->eventually([] { return true; }));
    this->medium.loop.run_until([] { return false; }, this->medium.loop.now() + 1ms);
  }
  EXPECT_EQ(this->client.end->kind, end_kind::reset);
}

TYPED_TEST(ChannelContract, ClosedAndEndedChannelsIgnoreWhatIsSent) {
  this->connect();
  this->server->own->close();
  EXPECT_EQ(this->server->own->send(as_bytes("late")), 0U);
  ASSERT_TRUE(this->eventually([&] { return this->client.end.has_value(); }));
  EXPECT_EQ(this->client.own->send(as_bytes("later")), 0U);
  this->client.own->close();
  this->client.own->abort();
  this->medium.loop.run_until([] { return false; }, this->medium.loop.now() + 10ms);
  EXPECT_TRUE(this->server->received.empty());
}

TYPED_TEST(ChannelContract, MayBeDestroyedInOnOpen) {
  this->listen();
  this->client.when_open = [&] { this->client.own.reset(); };
  this->client.own = this->medium.network.dial(this->where(), this->medium.dialing, this->client);
  ASSERT_TRUE(this->eventually([&] { return this->server && this->server->end; }));
  EXPECT_EQ(this->server->end->kind, end_kind::reset);
}

TYPED_TEST(ChannelContract, MayBeDestroyedInOnBytesAndInOnEnd) {
  this->connect();
  this->server->when_bytes = [&] { this->server->own.reset(); };
  this->client.when_ended = [&] { this->client.own.reset(); };
  this->client.own->send(as_bytes("bytes"));
  ASSERT_TRUE(this->eventually([&] { return this->client.end.has_value(); }));
  EXPECT_EQ(this->client.own, nullptr);
}

TYPED_TEST(ChannelContract, MayBeDestroyedInOnDrained) {
  this->connect();
  this->client.when_drained = [&] { this->client.own.reset(); };
  this->client.own->send(as_bytes(this->big));
  EXPECT_TRUE(this->eventually([&] { return this->client.own == nullptr; }));
}

TYPED_TEST(ChannelContract, AnEventMayDestroyAnyOtherChannel) {
  this->listen();
  std::vector<std::unique_ptr<recorder>> servers;
  const auto all = this->medium.network.listen(
      this->here(), this->medium.server_tls, [&](std::unique_ptr<channel> accepted) {
        servers.push_back(std::make_unique<recorder>(std::move(accepted)));
      });
  ASSERT_TRUE(all);
  const endpoint there = this->here((*all)->port());
  std::vector<std::unique_ptr<recorder>> clients;
  for (int i = 0; i < 50; ++i) {
    clients.push_back(std::make_unique<recorder>());
    clients.back()->own = this->medium.network.dial(there, this->medium.dialing, *clients.back());
  }
  ASSERT_TRUE(this->eventually([&] { return servers.size() == 50; }));
  int calls = 0;
  for (const auto& one : servers) {
    one->when_bytes = [&] {
      ++calls;
      for (const auto& other : servers) other->own.reset();
    };
  }
  for (const auto& one : clients) one->own->send(as_bytes("all of you"));
  EXPECT_TRUE(this->eventually([&] {
    return std::all_of(clients.begin(), clients.end(), [](const auto& one) { return one->end; });
  }));
  EXPECT_EQ(calls, 1);
}

TYPED_TEST(ChannelContract, EventsGoToTheNewHandler) {
  this->connect();
  recorder second;
  this->client.own->set_handler(second);
  this->server->own->send(as_bytes("for the second"));
  EXPECT_TRUE(this->eventually([&] { return second.received == "for the second"; }));
  EXPECT_TRUE(this->client.received.empty());
  this->client.own->set_handler(this->client);
}

TYPED_TEST(ChannelContract, DestroyedListenersRefuse) {
  this->listen();
  const endpoint there = this->where();
  this->listener_.reset();
  this->client.own = this->medium.network.dial(there, this->medium.dialing, this->client);
  ASSERT_TRUE(this->eventually([&] { return this->client.end.has_value(); }));
  EXPECT_EQ(this->client.end->kind, end_kind::connect_failed);
}

TYPED_TEST(ChannelContract, AListenerMayBeDestroyedWhileItAccepts) {
  int accepted = 0;
  std::unique_ptr<listener> once;
  auto listening = this->medium.network.listen(this->here(), this->medium.server_tls,
                                               [&](std::unique_ptr<channel> one) {
                                                 ++accepted;
                                                 one->abort();
                                                 once.reset();
                                               });
  ASSERT_TRUE(listening);
  once = std::move(*listening);
  const endpoint there = this->here(once->port());
  recorder first;
  recorder second;
  first.own = this->medium.network.dial(there, this->medium.dialing, first);
  second.own = this->medium.network.dial(there, this->medium.dialing, second);
  EXPECT_TRUE(this->eventually([&] { return first.end && second.end; }));
  EXPECT_EQ(accepted, 1);
}

TYPED_TEST(ChannelContract, ASecondListenerOnTheSamePortIsToldSo) {
  this->listen();
  const auto second = this->medium.network.listen(this->where(), this->medium.server_tls,
                                                  [](std::unique_ptr<channel>) {});
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, exit_code::environment_failed);
  EXPECT_EQ(second.error().message,
            "cannot listen on 127.0.0.1:" + std::to_string(this->listener_->port()) +
                ": the port is in use");
}

TYPED_TEST(ChannelContract, PeersHaveNames) {
  this->connect();
  EXPECT_EQ(this->client.own->peer_name(), "127.0.0.1:" + std::to_string(this->listener_->port()));
  EXPECT_THAT(this->server->own->peer_name(), HasSubstr("127.0.0.1:"));
}

}  // namespace
}  // namespace gauntlet::net
