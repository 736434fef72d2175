// Goal: an end that a broker makes late, but within the time it is given, is seen, whatever other
// connections of the input do meanwhile; and what the executor sends of its own is not seen.

#include "fuzz/execution/executor.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <netinet/in.h>
#include <optional>
#include <poll.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>
#include <vector>

#include <gtest/gtest.h>

namespace gauntlet::fuzz {
namespace {

using namespace std::chrono_literals;

/// Answers CONNECT and PINGREQ, and ends a connection some time after any other packet.
class late_ender {
 public:
  explicit late_ender(std::chrono::milliseconds late) : late_(late) {
    listener_ = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in here{};
    here.sin_family = AF_INET;
    here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof here;
    auto* const name = reinterpret_cast<sockaddr*>(&here);
    EXPECT_EQ(::bind(listener_, name, size), 0);
    EXPECT_EQ(::listen(listener_, 8), 0);
    EXPECT_EQ(::getsockname(listener_, name, &size), 0);
    port_ = ntohs(here.sin_port);
    EXPECT_EQ(::pipe(end_.data()), 0);
    thread_ = std::thread([this] { serve(); });
  }
  ~late_ender() {
    ::close(end_[1]);
    thread_.join();
    ::close(end_[0]);
    ::close(listener_);
  }
  late_ender(const late_ender&) = delete;
  late_ender& operator=(const late_ender&) = delete;

  net::endpoint where() const { return {.host = "127.0.0.1", .port = port_}; }

 private:
  using clock = std::chrono::steady_clock;
  struct client {
    int descriptor = -1;
    std::optional<clock::time_point> ends_at;
  };

  void serve() {
    std::vector<client> clients;
    for (;;) {
      std::vector<pollfd> asked = {{end_[0], POLLIN, 0}, {listener_, POLLIN, 0}};
      for (const client& each : clients) asked.push_back({each.descriptor, POLLIN, 0});
      ::poll(asked.data(), asked.size(), 10);
      if (asked[0].revents != 0) break;
      for (std::size_t i = 0; i < clients.size(); ++i) {
        if (asked[i + 2].revents != 0) answer(clients[i]);
      }
      if (asked[1].revents != 0) clients.push_back({::accept(listener_, nullptr, nullptr), {}});
      for (client& each : clients) {
        if (each.ends_at && clock::now() >= *each.ends_at) end(each);
      }
      std::erase_if(clients, [](const client& each) { return each.descriptor < 0; });
    }
    for (client& each : clients) end(each);
  }

  void answer(client& to) const {
    std::array<std::uint8_t, 1024> bytes{};
    const ssize_t size = ::recv(to.descriptor, bytes.data(), bytes.size(), 0);
    if (size <= 0) return end(to);
    static constexpr std::array<std::uint8_t, 4> connack = {0x20, 2, 0, 0};
    static constexpr std::array<std::uint8_t, 2> pingresp = {0xD0, 0};
    if (bytes[0] == 0x10) {
      ::send(to.descriptor, connack.data(), connack.size(), MSG_NOSIGNAL);
    } else if (bytes[0] == 0xC0) {
      ::send(to.descriptor, pingresp.data(), pingresp.size(), MSG_NOSIGNAL);
    } else {
      to.ends_at = clock::now() + late_;
    }
  }

  static void end(client& which) {
    if (which.descriptor >= 0) ::close(which.descriptor);
    which.descriptor = -1;
  }

  std::chrono::milliseconds late_;
  int listener_ = -1;
  std::array<int, 2> end_{};
  std::uint16_t port_ = 0;
  std::thread thread_;
};

TEST(FuzzExecutor, SeesALateEndBesideAConnectionThatStays) {
  const late_ender broker(100ms);
  const auto where = resolve(broker.where());
  ASSERT_TRUE(where) << where.error().message;
  executor plays({.where = *where});
  seeded_stream draws(1, "test", "", 0);
  ASSERT_TRUE(plays.connect_control(draws));
  plays.set_patience(500ms);
  const byte_buffer connect = {0x10, 0x0d, 0, 4, 'M', 'Q', 'T', 'T', 4, 2, 0, 0, 0, 1, 'a'};
  const input of{.steps = {{.connection = 0, .bytes = connect},
                           {.connection = 1, .bytes = connect},
                           {.connection = 1, .bytes = {0x63, 0x00}}}};
  const observation& seen = plays.play(of, 1);
  EXPECT_EQ(seen.life, broker_life::serves);
  ASSERT_EQ(seen.ends.size(), 1U);
  EXPECT_EQ(seen.ends[0].connection, 1);
  EXPECT_EQ(seen.arrivals.size(), 2U);
}

TEST(FuzzExecutor, KeepsItsOwnPingsToItself) {
  const late_ender broker(0ms);
  const auto where = resolve(broker.where());
  ASSERT_TRUE(where) << where.error().message;
  executor plays({.where = *where, .answer_wait = 1ms});
  seeded_stream draws(1, "test", "", 0);
  ASSERT_TRUE(plays.connect_control(draws));
  const byte_buffer connect = {0x10, 0x0d, 0, 4, 'M', 'Q', 'T', 'T', 4, 2, 0, 0, 0, 1, 'a'};
  const byte_buffer ping = {0xC0, 0x00};
  const observation& seen = plays.play({.steps = {{.connection = 0, .bytes = connect},
                                                  {.connection = 1, .bytes = connect},
                                                  {.connection = 0, .bytes = ping}}},
                                       1);
  ASSERT_EQ(seen.arrivals.size(), 3U) << "two CONNACK and the PINGRESP that the input asked for";
  for (std::uint16_t i = 0; i < 3; ++i) EXPECT_EQ(seen.arrivals[i].step, i);
  EXPECT_EQ(seen.packet_of(seen.arrivals[2])[0], 0xD0);
  EXPECT_TRUE(seen.ends.empty());
}

}  // namespace
}  // namespace gauntlet::fuzz
