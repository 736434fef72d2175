// What each fault of the stream lets through, and when. What peers see of it: link_stream_test.

#include "harness/fault/stream_fault.hpp"

#include <vector>

#include <gtest/gtest.h>

namespace gauntlet::fault {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

std::unique_ptr<stream_fault> begin(const action& what, std::uint64_t seed = 1) {
  return start_stream_fault(what, {time_point{}, seeded_stream(stream_key(seed))});
}

struct step {
  duration at{};
  std::size_t bytes = 0;
  bool operator==(const step&) const = default;
};

/// Sends `bytes` as soon as the fault lets them go; at most `steps_max` pieces.
std::vector<step> send(stream_fault& fault, std::size_t bytes, std::size_t steps_max = 10'000) {
  std::vector<step> steps;
  time_point now{};
  while (bytes > 0 && steps.size() < steps_max) {
    const std::size_t piece = fault.allowance(bytes, now);
    if (piece == 0) {
      const time_point next = fault.next_chance();
      if (next == time_point::max()) break;
      EXPECT_GT(next, now);
      now = next;
      continue;
    }
    fault.passed(piece, now);
    bytes -= piece;
    steps.push_back({now.time_since_epoch(), piece});
  }
  return steps;
}

TEST(StreamFault, FaultsOfPacketsAreNone) {
  EXPECT_EQ(begin(drop{}), nullptr);
  EXPECT_EQ(begin(cut{}), nullptr);
}

TEST(StreamFault, LatencyDelaysWithinItsJitter) {
  const auto fault = begin(latency{milliseconds(100), milliseconds(30)});
  duration least = seconds(1);
  duration most{};
  for (int i = 0; i < 1'000; ++i) {
    const duration delay = fault->extra_delay();
    least = std::min(least, delay);
    most = std::max(most, delay);
  }
  EXPECT_GE(least, milliseconds(70));
  EXPECT_LT(least, milliseconds(72));
  EXPECT_LE(most, milliseconds(130));
  EXPECT_GT(most, milliseconds(128));
  EXPECT_EQ(begin(latency{milliseconds(100), {}})->extra_delay(), milliseconds(100));
}

TEST(StreamFault, BandwidthPacesInTenthsOfASecond) {
  const auto fault = begin(bandwidth{1'000});
  EXPECT_EQ(send(*fault, 250),
            (std::vector<step>{
                {milliseconds(100), 100}, {milliseconds(200), 100}, {milliseconds(250), 50}}));
  EXPECT_TRUE(send(*begin(bandwidth{0}), 10).empty());
  EXPECT_EQ(fault->waiting_bytes_max(), SIZE_MAX);
}

TEST(StreamFault, SlowReaderLetsNothingWait) {
  const auto fault = begin(slow_reader{10});
  EXPECT_EQ(send(*fault, 2), (std::vector<step>{{milliseconds(100), 1}, {milliseconds(200), 1}}));
  EXPECT_EQ(fault->waiting_bytes_max(), 0U);
}

TEST(StreamFault, SlowCloseDelaysTheEndAlone) {
  const auto fault = begin(slow_close{seconds(2)});
  EXPECT_EQ(fault->extra_delay_of_end(), seconds(2));
  EXPECT_EQ(fault->extra_delay(), duration::zero());
  EXPECT_EQ(send(*fault, 10), (std::vector<step>{{duration::zero(), 10}}));
}

TEST(StreamFault, TimeoutSwallowsAndClosesInTheEnd) {
  const auto fault = begin(timeout{seconds(3)});
  EXPECT_TRUE(fault->swallows());
  ASSERT_TRUE(fault->end());
  EXPECT_EQ(fault->end()->at, time_point(seconds(3)));
  EXPECT_EQ(fault->end()->how.at_client, ending::fin);
  const auto never = begin(timeout{});
  EXPECT_TRUE(never->swallows());
  EXPECT_FALSE(never->end());
}

TEST(StreamFault, ResetPeerResets) {
  const auto fault = begin(reset_peer{});
  ASSERT_TRUE(fault->end());
  EXPECT_EQ(fault->end()->at, time_point{});
  EXPECT_EQ(fault->end()->how.at_client, ending::reset);
  EXPECT_EQ(fault->end()->how.at_broker, ending::reset);
}

TEST(StreamFault, SlicerCutsAboutTheAverage) {
  const auto fault = begin(slicer{64, 16, milliseconds(5)});
  const auto steps = send(*fault, 6'400);
  EXPECT_GT(steps.size(), 90U);
  EXPECT_LT(steps.size(), 110U);
  bool varies = false;
  for (std::size_t i = 0; i + 1 < steps.size(); ++i) {
    EXPECT_GE(steps[i].bytes, 48U);
    EXPECT_LE(steps[i].bytes, 80U);
    EXPECT_EQ(steps[i].at, i * milliseconds(5));
    varies = varies || steps[i].bytes != steps[0].bytes;
  }
  EXPECT_TRUE(varies);
}

TEST(StreamFault, LimitDataEndsAfterTheLastByte) {
  const auto fault = begin(limit_data{10});
  EXPECT_FALSE(fault->end());
  EXPECT_EQ(send(*fault, 25), (std::vector<step>{{duration::zero(), 10}}));
  ASSERT_TRUE(fault->end());
  EXPECT_EQ(fault->end()->how.at_broker, ending::fin);
  EXPECT_TRUE(begin(limit_data{0})->end());
}

TEST(StreamFault, PacketLossStallsAShareOfSegments) {
  const auto fault = begin(packet_loss{0.1, milliseconds(200)});
  const auto steps = send(*fault, 1'460 * 1'000);
  ASSERT_EQ(steps.size(), 1'000U);
  int stalls = 0;
  for (std::size_t i = 1; i < steps.size(); ++i) {
    const duration gap = steps[i].at - steps[i - 1].at;
    EXPECT_TRUE(gap == duration::zero() || gap >= milliseconds(200));
    if (gap > duration::zero()) ++stalls;
  }
  EXPECT_GT(stalls, 70);
  EXPECT_LT(stalls, 130);
  EXPECT_EQ(send(*begin(packet_loss{0.1, milliseconds(200)}), 1'460 * 1'000), steps);
}

TEST(StreamFault, DownCutsAndRefuses) {
  const auto fault = begin(down{});
  ASSERT_TRUE(fault->end());
  EXPECT_TRUE(fault->refuses_connections());
}

TEST(StreamFault, PartitionHoldsEvenEnds) {
  const auto fault = begin(partition{});
  EXPECT_TRUE(send(*fault, 10).empty());
  EXPECT_TRUE(fault->blocks_ends());
  EXPECT_FALSE(fault->swallows());
  EXPECT_FALSE(fault->end());
}

}  // namespace
}  // namespace gauntlet::fault
