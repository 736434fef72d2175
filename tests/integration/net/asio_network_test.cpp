// Goal: what only a real network has: names, descriptors, ports, full queues; and the messages that
// tell a user what to do about them.

#include "harness/net/asio_network.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <memory>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/recorder.hpp"

namespace gauntlet::net {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::MatchesRegex;
using testing::StartsWith;

/// Leaves this process room for `more` further descriptors while it lives.
class descriptor_limit {
 public:
  explicit descriptor_limit(rlim_t more) {
    ::getrlimit(RLIMIT_NOFILE, &before_);
    const int next = ::dup(0);
    ::close(next);
    rlimit low = before_;
    low.rlim_cur = static_cast<rlim_t>(next) + more;
    EXPECT_EQ(::setrlimit(RLIMIT_NOFILE, &low), 0);
  }
  ~descriptor_limit() { ::setrlimit(RLIMIT_NOFILE, &before_); }
  descriptor_limit(const descriptor_limit&) = delete;
  descriptor_limit& operator=(const descriptor_limit&) = delete;

 private:
  rlimit before_{};
};

/// A port of 127.0.0.1 whose queue takes one connection and which nobody accepts from.
class deaf_port {
 public:
  deaf_port() : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{.sin_family = AF_INET};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    EXPECT_EQ(::bind(socket_, generic, size), 0);
    EXPECT_EQ(::listen(socket_, 0), 0);
    EXPECT_EQ(::getsockname(socket_, generic, &size), 0);
    port_ = ntohs(address.sin_port);
  }
  ~deaf_port() { ::close(socket_); }
  deaf_port(const deaf_port&) = delete;
  deaf_port& operator=(const deaf_port&) = delete;

  std::uint16_t port() const { return port_; }

 private:
  int socket_;
  std::uint16_t port_ = 0;
};

class AsioNetwork : public testing::Test {
 protected:
  bool eventually(const std::function<bool()>& done) {
    return loop.run_until(done, loop.now() + 5s);
  }
  void listen(const endpoint& where = {.host = "127.0.0.1"}) {
    auto made = network.listen(where, std::nullopt, [this](std::unique_ptr<channel> accepted) {
      servers.push_back(std::make_unique<recorder>(std::move(accepted)));
    });
    ASSERT_TRUE(made) << made.error().message;
    listening = std::move(*made);
  }
  endpoint where(std::string host = "127.0.0.1") const {
    return {.host = std::move(host), .port = listening->port()};
  }
  std::unique_ptr<recorder> dial(const endpoint& there, const dial_options& options = {}) {
    auto client = std::make_unique<recorder>();
    client->own = network.dial(there, options, *client);
    return client;
  }
  channel_end end_of(recorder& client) {
    EXPECT_TRUE(eventually([&] { return client.end.has_value(); }));
    return client.end.value_or(channel_end{});
  }

  std::vector<std::string> warnings;
  asio_loop loop;
  asio_network network{
      loop, {.on_warning = [this](const std::string& text) { warnings.push_back(text); }}};
  std::unique_ptr<listener> listening;
  std::vector<std::unique_ptr<recorder>> servers;
};

TEST_F(AsioNetwork, ResolvesNamesOnceAndTriesAllAddresses) {
  listen();
  const auto first = dial(where("localhost"));
  const auto second = dial(where("localhost"));
  ASSERT_TRUE(eventually([&] { return first->opened && second->opened; }));
  const auto third = dial(where("localhost"));
  ASSERT_TRUE(eventually([&] { return third->opened; }));
  EXPECT_EQ(third->own->peer_name(), "127.0.0.1:" + std::to_string(listening->port()));
}

TEST_F(AsioNetwork, SaysWhichNameHasNoAddress) {
  const std::string name(300, 'x');  // longer than any name may be, so nobody is asked
  const auto client = dial({.host = name, .port = 1883});
  const channel_end end = end_of(*client);
  EXPECT_EQ(end.kind, end_kind::resolve_failed);
  EXPECT_THAT(end.detail, StartsWith("cannot resolve the host name " + name + ": "));
}

TEST_F(AsioNetwork, ForgetsDialsThatAreDestroyedWhileTheirNameIsResolved) {
  listen();
  auto gone = dial(where("localhost"));
  const auto stays = dial(where("localhost"));
  gone.reset();
  EXPECT_TRUE(eventually([&] { return stays->opened; }));
}

TEST_F(AsioNetwork, TalksIpv6) {
  listen({.host = "::1"});
  const auto client = dial(where("::1"));
  ASSERT_TRUE(eventually([&] { return client->opened && !servers.empty(); }));
  EXPECT_EQ(client->own->peer_name(), "[::1]:" + std::to_string(listening->port()));
  EXPECT_THAT(servers[0]->own->peer_name(), StartsWith("[::1]:"));
}

TEST_F(AsioNetwork, DialsFromTheSourceAddressAskedFor) {
  listen();
  const auto client = dial(where(), {.source_address = "127.0.0.2"});
  ASSERT_TRUE(eventually([&] { return !servers.empty(); }));
  EXPECT_THAT(servers[0]->own->peer_name(), StartsWith("127.0.0.2:"));
}

TEST_F(AsioNetwork, RefusesSourceAddressesThatCannotBe) {
  const endpoint there{.host = "127.0.0.1", .port = 1};
  EXPECT_EQ(end_of(*dial(there, {.source_address = "203.0.113.7"})).detail,
            "203.0.113.7 is not an address of this machine");
  EXPECT_EQ(end_of(*dial(there, {.source_address = "eth0"})).detail,
            "the source address eth0 is not an IP address");
  EXPECT_EQ(end_of(*dial(there, {.source_address = "::1"})).detail,
            "::1 and 127.0.0.1:1 are of different kinds");
}

TEST_F(AsioNetwork, DialsTimeOutWhereNobodyAnswers) {
  const deaf_port deaf;
  const endpoint there{.host = "127.0.0.1", .port = deaf.port()};
  const auto queued = dial(there);
  ASSERT_TRUE(eventually([&] { return queued->opened; }));
  const time_point start = loop.now();
  const auto client = dial(there, {.timeout = 50ms});
  const channel_end end = end_of(*client);
  EXPECT_EQ(end.kind, end_kind::timed_out);
  EXPECT_EQ(end.detail,
            "no connection for 127.0.0.1:" + std::to_string(deaf.port()) + " within 50ms");
  EXPECT_GE(loop.now(), start + 50ms);
}

TEST_F(AsioNetwork, DialsWithoutDescriptorsSaySo) {
  listen();
  const auto enough = dial(where());
  ASSERT_TRUE(eventually([&] { return enough->opened; }));
  std::unique_ptr<recorder> client;
  {
    const descriptor_limit none(0);  // only for the dial: sanitizers need descriptors, too
    client = dial(where());
  }
  const channel_end end = end_of(*client);
  EXPECT_EQ(end.kind, end_kind::connect_failed);
  EXPECT_THAT(end.detail,
              MatchesRegex("too few descriptors: this process may have [0-9]+ open .*"));
}

#if defined(__has_feature)
#if __has_feature(undefined_behavior_sanitizer)
#define GAUNTLET_CHECKS_NEED_DESCRIPTORS
#endif
#endif

TEST_F(AsioNetwork, ListenersOutOfDescriptorsWaitAndWarnOnce) {
#ifdef GAUNTLET_CHECKS_NEED_DESCRIPTORS
  GTEST_SKIP() << "this sanitizer opens pipes to look at objects";
#endif
  listen();
  std::vector<std::unique_ptr<recorder>> clients;
  for (int i = 0; i < 5; ++i) clients.push_back(dial(where()));
  {
    const descriptor_limit two(2);
    ASSERT_TRUE(eventually([&] { return !warnings.empty(); }));
    loop.run_until([] { return false; }, loop.now() + 250ms);
    EXPECT_EQ(servers.size(), 2U);
  }
  EXPECT_TRUE(eventually([&] { return servers.size() == 5; }));
  ASSERT_EQ(warnings.size(), 1U);
  EXPECT_THAT(warnings[0], StartsWith("cannot accept connections on port "));
  EXPECT_THAT(warnings[0], HasSubstr("too few descriptors"));
}

TEST_F(AsioNetwork, ListenersSayWhatIsWrongWithTheirAddress) {
  const auto no_name = network.listen({.host = "203.0.113.7", .port = 20'000}, std::nullopt,
                                      [](std::unique_ptr<channel>) {});
  ASSERT_FALSE(no_name);
  EXPECT_EQ(no_name.error().message,
            "cannot listen on 203.0.113.7:20000: not an address of this machine");
}

TEST_F(AsioNetwork, BothEndsSendWithoutDelay) {
  listen();
  const auto client = dial(where());
  ASSERT_TRUE(eventually([&] { return client->opened && !servers.empty(); }));
  int sockets = 0;
  for (int descriptor = 0; descriptor < 64; ++descriptor) {
    int no_delay = 0;
    socklen_t size = sizeof no_delay;
    if (::getsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &no_delay, &size) != 0) continue;
    ++sockets;
    EXPECT_NE(no_delay, 0);
  }
  EXPECT_EQ(sockets, 3);
}

TEST_F(AsioNetwork, ClosingIsOverWhenThePeerEndsOrAfterItsTime) {
  asio_network hasty(loop, {.closing_timeout = 50ms});
  listen();
  recorder polite;
  polite.own = hasty.dial(where(), {}, polite);
  recorder stubborn;
  stubborn.own = hasty.dial(where(), {}, stubborn);
  ASSERT_TRUE(eventually([&] { return polite.opened && stubborn.opened && servers.size() == 2; }));
  servers[1]->own->pause_reading();  // never sees our end, so never ends its direction
  polite.own->close();
  stubborn.own->close();
  EXPECT_EQ(hasty.connections_closing(), 2U);
  ASSERT_TRUE(eventually([&] { return servers[0]->end.has_value(); }));
  EXPECT_EQ(servers[0]->end->kind, end_kind::finished);
  EXPECT_TRUE(eventually([&] { return hasty.connections_closing() == 0; }));
  EXPECT_FALSE(servers[1]->end);
}

TEST_F(AsioNetwork, BytesThatCameBeforeAResetAreNotLost) {
  listen();
  const auto client = dial(where());
  ASSERT_TRUE(eventually([&] { return client->opened && !servers.empty(); }));
  servers[0]->own->send(as_bytes("farewell"));
  servers[0]->own->abort();
  EXPECT_EQ(end_of(*client).kind, end_kind::reset);
  EXPECT_EQ(client->received, "farewell");
}

TEST_F(AsioNetwork, TheLoopEndsWhenNoConnectionIsLeft) {
  listen();
  const auto client = dial(where());
  ASSERT_TRUE(eventually([&] { return client->opened && !servers.empty(); }));
  client->own->close();
  servers[0]->when_ended = [&] { servers[0]->own.reset(); };
  listening.reset();
  loop.run();
  EXPECT_EQ(network.connections_closing(), 0U);
}

}  // namespace
}  // namespace gauntlet::net
