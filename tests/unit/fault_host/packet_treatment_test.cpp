// What becomes of packet after packet: when each leaves, how often, and with which bit wrong.

#include <algorithm>

#include <gtest/gtest.h>

#include "harness/fault_host/host_fault.hpp"

namespace gauntlet::fault_host {
namespace {

using namespace std::chrono_literals;
using departures = std::vector<packet_line::departure>;

constexpr std::size_t packets = 1'000;
const packet_line::time_point begin = packet_line::time_point() + 1h;

/// When packet `index` comes: a millisecond after the one before.
packet_line::time_point sent(std::size_t index) { return begin + static_cast<int>(index) * 1ms; }

std::vector<departures> passed(const packet_treatment& treatment, std::uint64_t seed = 1) {
  packet_line line{seeded_stream(stream_key(seed))};
  std::vector<departures> all;
  for (std::size_t i = 0; i < packets; ++i) all.push_back(line.pass(treatment, sent(i), 100));
  return all;
}

TEST(PacketTreatment, NoneLetsPacketsPassAtOnce) {
  EXPECT_TRUE(packet_treatment().is_none());
  const auto all = passed({});
  for (std::size_t i = 0; i < packets; ++i) {
    ASSERT_EQ(all[i].size(), 1U);
    EXPECT_EQ(all[i][0].at, sent(i));
    EXPECT_FALSE(all[i][0].wrong_bit);
  }
}

TEST(PacketTreatment, JitterStaysInItsBoundsAndLetsNoneOvertake) {
  const auto all = passed({.delay = 50ms, .jitter = 20ms});
  auto last = begin;
  auto shortest = 1h + 0ns;
  auto longest = 0ns;
  for (std::size_t i = 0; i < packets; ++i) {
    EXPECT_GE(all[i][0].at, last);
    last = all[i][0].at;
    const auto waited = last - sent(i);
    shortest = std::min<std::chrono::nanoseconds>(shortest, waited);
    longest = std::max<std::chrono::nanoseconds>(longest, waited);
  }
  EXPECT_GE(shortest, 30ms);
  EXPECT_LE(longest, 70ms);
  EXPECT_GT(longest - shortest, 10ms);
}

TEST(PacketTreatment, MoreJitterThanDelayNeverGoesBackInTime) {
  for (const auto& each : passed({.delay = 1ms, .jitter = 1s})) EXPECT_GE(each[0].at, begin);
}

TEST(PacketTreatment, SharesAreKept) {
  int twice = 0;
  int wrong = 0;
  for (const auto& each : passed({.duplicated = 0.1, .corrupted = 0.3})) {
    twice += each.size() == 2 ? 1 : 0;
    wrong += each[0].wrong_bit ? 1 : 0;
    if (each[0].wrong_bit) {
      EXPECT_LT(*each[0].wrong_bit, 800U);
    }
  }
  EXPECT_NEAR(twice, 100, 40);
  EXPECT_NEAR(wrong, 300, 60);
}

TEST(PacketTreatment, WhatIsHeldIsOvertaken) {
  const auto all = passed({.reordered = 0.1});
  int held = 0;
  for (std::size_t i = 0; i < packets; ++i) {
    const auto waited = all[i][0].at - sent(i);
    EXPECT_TRUE(waited == 0ms || waited == reorder_hold) << i;
    held += waited == reorder_hold ? 1 : 0;
  }
  EXPECT_NEAR(held, 100, 40);
}

TEST(PacketTreatment, NothingIsSpoiltWhereNothingIs) {
  packet_line line{seeded_stream(stream_key(1))};
  EXPECT_FALSE(line.pass({.corrupted = 1}, begin, 0)[0].wrong_bit);
}

TEST(PacketTreatment, IsTheSameForTheSameSeed) {
  const packet_treatment treatment{.jitter = 1ms, .duplicated = 0.2, .corrupted = 0.2};
  const auto same = [](const std::vector<departures>& one, const std::vector<departures>& other) {
    return std::ranges::equal(one, other, [](const departures& a, const departures& b) {
      return a.size() == b.size() && a[0].at == b[0].at && a[0].wrong_bit == b[0].wrong_bit;
    });
  };
  EXPECT_TRUE(same(passed(treatment), passed(treatment)));
  EXPECT_FALSE(same(passed(treatment), passed(treatment, 2)));
}

// Draws do not depend on the treatment, so that a packet that one fault strikes it strikes beside
// others too.
TEST(PacketTreatment, OneFaultDoesNotMoveAnother) {
  const auto alone = passed({.corrupted = 0.2});
  const auto beside = passed({.delay = 5ms, .duplicated = 0.5, .corrupted = 0.2});
  for (std::size_t i = 0; i < packets; ++i)
    EXPECT_EQ(alone[i][0].wrong_bit, beside[i][0].wrong_bit);
}

TEST(HostFault, TheWorstOfThoseActiveCounts) {
  const link_state state =
      combined({link_delay{.delay = 5ms, .jitter = 3ms}, link_delay{.delay = 9ms},
                link_duplicate{.share = 0.1}, link_duplicate{.share = 0.02},
                link_reorder{.share = 0.3}, link_corrupt{.share = 0.4}});
  EXPECT_EQ(
      state.treatment,
      (packet_treatment{
          .delay = 9ms, .jitter = 3ms, .duplicated = 0.1, .reordered = 0.3, .corrupted = 0.4}));
  EXPECT_EQ(name_of(link_corrupt{}), "link_corrupt");
  EXPECT_EQ(name_of(vanish{}), "vanish");
  EXPECT_EQ(describe(link_delay{.delay = 5ms}), "the link delays packets by 5ms");
}

}  // namespace
}  // namespace gauntlet::fault_host
