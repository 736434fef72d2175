// Goal: a series adds up, never grows without bound, and merges in any grouping.

#include "harness/record/time_series.hpp"

#include <gtest/gtest.h>

namespace gauntlet::record {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

time_series counting(int seconds_long, std::uint64_t each) {
  time_series made;
  for (int second = 0; second < seconds_long; ++second) {
    auto& point = made.at(seconds{second});
    point.sent += each;
    point.connected = each;
    histogram latency;
    latency.record(milliseconds{second + 1}, each);
    point.latency = compact_histogram(latency);
  }
  return made;
}

std::uint64_t total_sent(const time_series& series) {
  std::uint64_t sum = 0;
  for (const auto& point : series.points) sum += point.sent;
  return sum;
}

TEST(TimeSeries, FillsGapsWithQuietPointsThatStayConnected) {
  time_series series;
  series.at(milliseconds{500}).connected = 7;
  series.at(milliseconds{3'200}).sent = 1;
  ASSERT_EQ(series.points.size(), 4U);
  EXPECT_EQ(series.points[1].connected, 7U);
  EXPECT_EQ(series.points[1].sent, 0U);
  EXPECT_EQ(series.points[3].sent, 1U);
}

TEST(TimeSeries, ALongRunWidensTheIntervalAndKeepsTheTotals) {
  const auto series = counting(3'000, 2);
  EXPECT_LE(series.points.size(), time_series::points_max);
  EXPECT_EQ(series.interval, seconds{4});
  EXPECT_EQ(total_sent(series), 6'000U);
  EXPECT_EQ(series.points[0].latency.count(), 8U);
  EXPECT_EQ(series.points[0].connected, 2U);
}

TEST(TimeSeries, AFarJumpDoesNotFillMemory) {
  time_series series;
  series.at(hours{24 * 365}).sent = 1;
  EXPECT_LE(series.points.size(), time_series::points_max);
}

TEST(TimeSeries, MergesAtTheWiderInterval) {
  auto wide = counting(3'000, 1);
  wide.merge(counting(10, 5));
  EXPECT_EQ(wide.interval, seconds{4});
  EXPECT_EQ(total_sent(wide), 3'050U);
  EXPECT_EQ(wide.points[0].sent, 24U);
  EXPECT_EQ(wide.points[0].connected, 6U);
}

TEST(TimeSeries, MergingIsAssociative) {
  const auto a = counting(5, 1);
  const auto b = counting(2'000, 2);
  const auto c = counting(3'000, 3);
  const time_series empty{.interval = seconds{16}, .points = {}};
  for (const auto& third : {c, empty}) {
    auto left = a;
    left.merge(b);
    left.merge(third);
    auto right = b;
    right.merge(third);
    auto both = a;
    both.merge(right);
    EXPECT_EQ(left, both);
  }
}

}  // namespace
}  // namespace gauntlet::record
