// What the relay does to packets, as sockets see it: datagrams, which nothing repairs, and TCP,
// which repairs all of it.

#include <algorithm>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/fault_host/host_capabilities.hpp"
#include "tests/integration/fault_host/datagrams.hpp"
#include "tests/integration/fault_host/link_peer.hpp"

namespace gauntlet::fault_host {
namespace {

using namespace std::chrono_literals;

constexpr std::uint32_t count = 200;
constexpr auto silence = 500ms;

class PacketRelay : public testing::Test {
 protected:
  void SetUp() override {
    for (const host_capability& each : probe_host()) {
      if (each.name == "link_delay" && !each.works) GTEST_SKIP() << each.why_not;
    }
    link_ = *private_link::make(1);
  }

  void treat(const packet_treatment& wanted) const {
    const auto done = link_->shape({.treatment = wanted});
    EXPECT_TRUE(done) << done.error().message;
  }
  std::vector<arrived_datagram> send(std::uint32_t how_many = count) const {
    return send_datagrams(*link_, how_many, silence);
  }

  static bool is_in_order(const std::vector<arrived_datagram>& all) {
    return std::ranges::is_sorted(all, {}, &arrived_datagram::number);
  }
  static std::size_t different(const std::vector<arrived_datagram>& all) {
    std::set<std::uint32_t> numbers;
    for (const arrived_datagram& each : all) numbers.insert(each.number);
    return numbers.size();
  }

  std::unique_ptr<private_link> link_;
};

TEST_F(PacketRelay, DelaysAndKeepsTheOrder) {
  treat({.delay = 60ms, .jitter = 30ms});
  const auto late = send();
  EXPECT_EQ(late.size(), count);
  EXPECT_TRUE(is_in_order(late));
  for (const arrived_datagram& each : late) EXPECT_GE(each.took, 30ms) << each.number;

  treat({});
  const auto direct = send();
  EXPECT_EQ(direct.size(), count);
  EXPECT_LT(std::ranges::min(direct, {}, &arrived_datagram::took).took, 30ms);
}

TEST_F(PacketRelay, DeliversTwice) {
  treat({.duplicated = 0.2});
  const auto some = send();
  EXPECT_EQ(different(some), count);
  EXPECT_GT(some.size(), count + 10U);
  EXPECT_LT(some.size(), count + 90U);
  treat({.duplicated = 1});
  EXPECT_EQ(send().size(), 2U * count);
}

TEST_F(PacketRelay, ChangesTheOrder) {
  treat({.reordered = 0.2});
  const auto mixed = send();
  EXPECT_EQ(mixed.size(), count);
  EXPECT_EQ(different(mixed), count);
  EXPECT_FALSE(is_in_order(mixed));
}

// The checksum of UDP tells the receiving kernel, which throws the datagram away.
TEST_F(PacketRelay, SpoilsBits) {
  treat({.corrupted = 0.2});
  const auto left = send();
  EXPECT_TRUE(is_in_order(left));
  EXPECT_LT(left.size(), count - 10U);
  EXPECT_GT(left.size(), count - 90U);
  treat({.corrupted = 1});
  EXPECT_THAT(send(20), testing::IsEmpty());
}

TEST_F(PacketRelay, StandsBesideOtherFaults) {
  ASSERT_TRUE(link_->shape({.loss = 0.2, .treatment = {.delay = 5ms}}));
  const auto left = send();
  EXPECT_TRUE(is_in_order(left));
  EXPECT_LT(left.size(), count - 10U);
  EXPECT_GT(left.size(), count - 90U);
  ASSERT_TRUE(link_->shape({.down = true, .treatment = {.delay = 5ms}}));
  EXPECT_THAT(send(20), testing::IsEmpty());
}

TEST_F(PacketRelay, TcpRepairsAllOfIt) {
  const link_peer listener = link_peer::listen(*link_, 18'830);
  const link_peer near = link_peer::dial(*link_, 18'830);
  ASSERT_EQ(near.wait_connected(10s), 0);
  const link_peer far = listener.accept();
  std::string much;
  for (int i = 0; much.size() < 300'000; ++i) much += std::to_string(i);
  treat({.delay = 2ms, .jitter = 2ms, .duplicated = 0.05, .reordered = 0.05, .corrupted = 0.02});
  near.send(much);
  EXPECT_EQ(far.read(much.size(), 30s).bytes, much);
  EXPECT_GT(near.retransmissions(), 0U);
}

}  // namespace
}  // namespace gauntlet::fault_host
