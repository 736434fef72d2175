#pragma once

// A histogram at rest: the non-empty buckets as variable-length numbers, two to three bytes each.
// For the many that are kept (one for each second of a run), where the recording form would be too
// large.

#include <cstdint>
#include <vector>

#include "harness/record/histogram.hpp"

namespace gauntlet::record {

/// The same observations as a histogram, in little memory. Merging is exact: packing loses nothing.
class compact_histogram {
 public:
  compact_histogram() = default;
  explicit compact_histogram(const histogram& from);

  /// The recording form, for percentiles and buckets.
  histogram unpack() const;

  /// Adds all observations of `other`. Associative and commutative.
  void merge(const compact_histogram& other);

  std::uint64_t count() const { return count_; }
  bool empty() const { return count_ == 0; }
  duration max() const { return max_; }

  bool operator==(const compact_histogram&) const = default;

 private:
  std::uint64_t count_ = 0;
  duration sum_{};
  duration min_{};
  duration max_{};
  std::vector<std::uint8_t> buckets_;  // (index less the one before, count) pairs, LEB128
};

}  // namespace gauntlet::record
