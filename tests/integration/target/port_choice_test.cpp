// Goal: chosen ports are free, different, and below those of outgoing connections.

#include "harness/target/port_choice.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <set>
#include <sys/socket.h>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gauntlet::target {
namespace {

using ::testing::HasSubstr;

/// Listens on a port of 127.0.0.1 while it lives.
class held_port {
 public:
  explicit held_port(std::uint16_t port) : descriptor_(::socket(AF_INET, SOCK_STREAM, 0)) {
    const int yes = 1;  // connections of an earlier test may linger on the port
    ::setsockopt(descriptor_, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    sockaddr_in where{};
    where.sin_family = AF_INET;
    where.sin_port = htons(port);
    where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::bind(descriptor_, reinterpret_cast<sockaddr*>(&where), sizeof where), 0);
    EXPECT_EQ(::listen(descriptor_, 1), 0);
  }
  held_port(const held_port&) = delete;
  held_port& operator=(const held_port&) = delete;
  ~held_port() { ::close(descriptor_); }

 private:
  int descriptor_;
};

TEST(PortChoice, AnswersDifferentFreePortsInTheRange) {
  const auto ports = choose_ports(8);
  ASSERT_TRUE(ports) << ports.error().message;
  EXPECT_EQ(std::set<std::uint16_t>(ports->begin(), ports->end()).size(), 8U);
  for (const std::uint16_t port : *ports) {
    EXPECT_GE(port, 10'000);
    EXPECT_LT(port, 32'768);
    EXPECT_TRUE(is_port_free("127.0.0.1", port));
  }
}

TEST(PortChoice, LeavesOutPortsInUse) {
  const std::uint16_t port = choose_ports(1)->front();
  const held_port held(port);
  EXPECT_FALSE(is_port_free("127.0.0.1", port));
  EXPECT_NE(choose_ports(1)->front(), port);
}

TEST(PortChoice, FailsWhenTheRangeIsUsedUp) {
  const std::uint16_t port = choose_ports(1)->front();
  const held_port held(port);
  const auto ports = choose_ports(1, {.first = port, .end = static_cast<std::uint16_t>(port + 1)});
  ASSERT_FALSE(ports);
  EXPECT_EQ(ports.error().code, exit_code::environment_failed);
  EXPECT_THAT(ports.error().message, HasSubstr("no free port"));
}

}  // namespace
}  // namespace gauntlet::target
