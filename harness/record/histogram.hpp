#pragma once

// A high-dynamic-range histogram of durations: log-linear buckets, so that microseconds and minutes
// are kept side by side with the same relative precision. Recording costs a few nanoseconds; memory
// grows by 512 bytes for each power of two that occurs. For many histograms at rest, see
// compact_histogram.hpp.
//
// Buckets, over nanoseconds: [0, 64) one bucket a nanosecond; above, 64 buckets for each power of
// two. The index of value v >= 64 is 64 * (e + 1) + (v >> e) - 64, with e = bit_width(v) - 7.

#include <array>
#include <cstdint>
#include <functional>
#include <vector>

#include "harness/base/event_loop.hpp"

namespace gauntlet::record {

/// Counts durations. Percentiles are within 0.8 % of the exact value; count, sum, minimum and
/// maximum are exact. Not for several threads at once.
class histogram {
 public:
  /// Durations above share the last bucket (the maximum stays exact); negative ones count as zero.
  static constexpr duration trackable_max = std::chrono::hours{1};

  histogram() { page_of_.fill(no_page); }

  void record(duration value) { record(value, 1); }
  /// Counts `value` as `times` equal observations.
  void record(duration value, std::uint64_t times);

  /// Adds all observations of `other`. Associative and commutative.
  void merge(const histogram& other);

  std::uint64_t count() const { return count_; }
  bool empty() const { return count_ == 0; }
  /// Sum of all observations; saturates after 292 years.
  duration sum() const { return duration{static_cast<duration::rep>(sum_ns_)}; }
  /// Exact. Zero if empty, as all figures below.
  duration min() const { return duration{empty() ? 0 : min_ns_}; }
  duration max() const { return duration{max_ns_}; }
  duration mean() const;
  /// The smallest value that at least `percent` of the observations do not exceed; `percent` in
  /// [0, 100]. 0 gives the minimum, 100 the maximum.
  duration percentile(double percent) const;
  /// How many observations exceed `limit`, to the resolution of the buckets.
  std::uint64_t count_above(duration limit) const;

  /// One non-empty bucket: the values in [low, high).
  struct bucket {
    std::uint32_t index;
    duration low;
    duration high;
    std::uint64_t count;
  };
  /// Calls `visit` for each non-empty bucket, by rising value.
  void for_each_bucket(const std::function<void(const bucket&)>& visit) const;

  /// Rebuilds from what for_each_bucket and the exact figures gave: counts a bucket as it was.
  /// `index` must be below `index_end`.
  void restore_bucket(std::uint32_t index, std::uint64_t count);
  /// Sets the exact figures after the buckets were restored.
  void restore_exact(duration sum, duration min, duration max);

  /// The bucket that holds `value`.
  static std::uint32_t index_of(duration value);
  /// The smallest value in bucket `index`.
  static duration low_of(std::uint32_t index);

  static constexpr std::uint32_t page_size = 64;
  static constexpr std::uint32_t page_count = 37;
  static constexpr std::uint32_t index_end = page_size * page_count;

  bool operator==(const histogram& other) const;

 private:
  static constexpr std::uint8_t no_page = 0xff;
  using page = std::array<std::uint64_t, page_size>;

  std::uint64_t& counter(std::uint32_t index);

  std::uint64_t count_ = 0;
  std::uint64_t sum_ns_ = 0;
  std::int64_t min_ns_ = INT64_MAX;
  std::int64_t max_ns_ = 0;
  std::array<std::uint8_t, page_count> page_of_;  // where in pages_, by power of two
  std::vector<page> pages_;
};

}  // namespace gauntlet::record
