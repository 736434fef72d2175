#pragma once

// A set of sequence numbers kept as ranges. What a healthy stream misses is nothing or a few holes,
// so the exact set costs a few bytes where a bitmap would cost one bit a message.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace gauntlet::history {

/// An inclusive range of sequence numbers, first <= last.
struct sequence_range {
  std::uint32_t first = 0;
  std::uint32_t last = 0;

  friend bool operator==(const sequence_range&, const sequence_range&) = default;
};

/// Sequence numbers as sorted, disjoint, non-adjacent ranges. Appending at the end is O(1),
/// anything else O(log n) to find plus O(n) to shift, n being the number of ranges.
class sequence_set {
 public:
  bool empty() const { return ranges_.empty(); }
  std::span<const sequence_range> ranges() const { return ranges_; }

  /// How many numbers are in the set.
  std::uint64_t size() const;
  /// How many numbers at or above `from` are in the set.
  std::uint64_t size_from(std::uint32_t from) const;

  /// How many numbers of `range` are in the set.
  std::uint64_t size_in(sequence_range range) const;

  bool contains(std::uint32_t number) const;
  /// Adds all numbers of `range`; overlap with present ones is fine.
  void add(sequence_range range);
  /// Takes one number out; answers whether it was there.
  bool remove(std::uint32_t number);

 private:
  std::vector<sequence_range> ranges_;
};

/// The numbers that are in both sets.
sequence_set intersection(const sequence_set& left, const sequence_set& right);
/// The numbers of `left` that are not in `right`.
sequence_set difference(const sequence_set& left, const sequence_set& right);

}  // namespace gauntlet::history
