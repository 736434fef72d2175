// Goal: percentiles within one per cent of sorted exact values, exact totals, and merges and
// packing that lose nothing.

#include "harness/record/histogram.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "harness/record/compact_histogram.hpp"

namespace gauntlet::record {
namespace {

using std::chrono::hours;
using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;

// Durations from nanoseconds to minutes, log-uniform, the same at every call.
std::vector<duration> sample(std::size_t count, std::uint64_t state) {
  std::vector<duration> values;
  for (std::size_t i = 0; i < count; ++i) {
    state = state * 6364136223846793005ULL + 1442695040888963407ULL;
    const auto unit = static_cast<double>(state >> 11) / 9007199254740992.0;
    values.emplace_back(static_cast<duration::rep>(std::exp(unit * 25)));
  }
  return values;
}

histogram of(const std::vector<duration>& values) {
  histogram filled;
  for (const auto value : values) filled.record(value);
  return filled;
}

duration exact_percentile(std::vector<duration> values, double percent) {
  std::sort(values.begin(), values.end());
  const auto rank = std::ceil(percent * static_cast<double>(values.size()) / 100);
  return values[static_cast<std::size_t>(std::max(rank, 1.0)) - 1];
}

TEST(Histogram, PercentilesAreWithinOnePerCentOfSortedValues) {
  const auto values = sample(20'000, 1);
  const auto filled = of(values);
  for (const auto percent :
       {0.0, 0.01, 1.0, 10.0, 25.0, 50.0, 75.0, 90.0, 99.0, 99.9, 99.99, 100.0}) {
    const auto exact = static_cast<double>(exact_percentile(values, percent).count());
    const auto seen = static_cast<double>(filled.percentile(percent).count());
    EXPECT_NEAR(seen, exact, exact * 0.008) << "p" << percent;
  }
}

TEST(Histogram, TotalsAreExact) {
  const auto values = sample(5'000, 2);
  const auto filled = of(values);
  duration sum{};
  for (const auto value : values) sum += value;
  EXPECT_EQ(filled.count(), values.size());
  EXPECT_EQ(filled.sum(), sum);
  EXPECT_EQ(filled.mean(), duration{sum.count() / 5'000});
  EXPECT_EQ(filled.min(), *std::min_element(values.begin(), values.end()));
  EXPECT_EQ(filled.max(), *std::max_element(values.begin(), values.end()));
  EXPECT_EQ(filled.percentile(100), filled.max());
}

TEST(Histogram, EmptyAnswersZero) {
  const histogram empty;
  EXPECT_EQ(empty.count(), 0U);
  EXPECT_EQ(empty.min(), duration::zero());
  EXPECT_EQ(empty.mean(), duration::zero());
  EXPECT_EQ(empty.percentile(99), duration::zero());
}

TEST(Histogram, RankOfAWholeProductIsNotRoundedUp) {
  histogram filled;
  filled.record(microseconds{10}, 999);
  filled.record(seconds{1}, 1);
  EXPECT_LT(filled.percentile(99.9), milliseconds{1});
  EXPECT_EQ(filled.percentile(99.91), seconds{1});
}

TEST(Histogram, KeepsTheExactMaximumBeyondItsRange) {
  histogram filled;
  filled.record(hours{30});
  filled.record(duration{-5});
  EXPECT_EQ(filled.max(), hours{30});
  EXPECT_EQ(filled.min(), duration::zero());
  EXPECT_EQ(filled.count(), 2U);
}

TEST(Histogram, EveryBucketHoldsWhatItsIndexSays) {
  for (std::uint32_t index = 0; index < histogram::index_of(hours{1}); ++index) {
    ASSERT_EQ(histogram::index_of(histogram::low_of(index)), index);
    ASSERT_EQ(histogram::index_of(histogram::low_of(index + 1) - duration{1}), index);
  }
  EXPECT_LT(histogram::index_of(duration::max()), histogram::index_end);
}

TEST(Histogram, CountsAboveALimit) {
  histogram filled;
  for (int ms = 1; ms <= 100; ++ms) filled.record(milliseconds{ms});
  EXPECT_EQ(filled.count_above(milliseconds{50}), 50U);
  EXPECT_EQ(filled.count_above(seconds{1}), 0U);
}

TEST(Histogram, MergingEqualsRecordingAllInOne) {
  const auto first = sample(1'000, 3);
  const auto second = sample(2'000, 4);
  auto merged = of(first);
  merged.merge(of(second));
  auto all = first;
  all.insert(all.end(), second.begin(), second.end());
  EXPECT_EQ(merged, of(all));
}

TEST(Histogram, MergingWithItselfDoubles) {
  auto filled = of(sample(100, 5));
  filled.merge(filled);
  EXPECT_EQ(filled.count(), 200U);
}

TEST(Histogram, DiffersWhenOneObservationMoves) {
  auto values = sample(100, 6);
  const auto before = of(values);
  values[50] = values[50] * 2;
  EXPECT_NE(of(values), before);
}

TEST(CompactHistogram, UnpacksToTheSame) {
  const auto filled = of(sample(3'000, 7));
  EXPECT_EQ(compact_histogram(filled).unpack(), filled);
  EXPECT_EQ(compact_histogram(histogram{}).unpack(), histogram{});
}

TEST(CompactHistogram, MergesAsTheRecordingFormDoes) {
  const auto first = of(sample(500, 8));
  const auto second = of(sample(500, 9));
  auto merged = first;
  merged.merge(second);
  compact_histogram packed(first);
  packed.merge(compact_histogram(second));
  packed.merge(compact_histogram{});
  EXPECT_EQ(packed, compact_histogram(merged));
}

}  // namespace
}  // namespace gauntlet::record
