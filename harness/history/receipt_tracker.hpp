#pragma once

// What one receiver has seen of one stream: exactly which sequence numbers, how many twice, how
// many late. Holes are kept, not receipts, so a healthy stream costs a few words whatever its
// length.

#include <cstdint>
#include <memory>

#include "harness/history/sequence_set.hpp"

namespace gauntlet::history {

/// How a receipt stands to those before it on the same stream at the same receiver.
enum class receipt_kind : std::uint8_t {
  in_order,   ///< above everything seen so far
  late,       ///< first copy, but a higher number came before: a reordering
  duplicate,  ///< this number has been seen already
};

/// One receipt as entered.
struct receipt {
  receipt_kind kind = receipt_kind::in_order;
  /// Numbers between the highest seen before and this one: missing now, perhaps only late. 0 for
  /// the first receipt of a stream, whose beginning the receiver need not have been there for, and
  /// for the first one of an epoch.
  std::uint32_t skipped = 0;
  /// Of a late one: whether it was in `skipped` of an earlier receipt.
  bool was_skipped = false;
};

/// The receipts of one stream at one receiver. Sequence numbers count from 0.
///
/// An epoch is a stretch of unbroken session state. Across a break the broker may drop what it had
/// not delivered yet, so the numbers between the highest of the old epoch and the first of the new
/// one are excused; holes below the highest number of an epoch are not, because order had passed
/// them by.
class receipt_tracker {
 public:
  /// Enters one receipt and says what it was. `epoch` counts the receiver's breaks so far.
  receipt receive(std::uint32_t sequence, std::uint16_t epoch);

  /// One above the highest number seen; 0 when nothing came.
  std::uint32_t next() const { return next_; }
  /// The epoch of the latest receipt.
  std::uint16_t epoch() const { return epoch_; }
  /// Receipts of a number already seen.
  std::uint32_t duplicates() const { return duplicates_; }
  /// First copies that came after a higher number.
  std::uint32_t late() const { return late_; }
  /// Distinct numbers seen.
  std::uint64_t received() const;
  /// The same three of the numbers in `range` alone. Of a number that came more than twice, the
  /// further receipts count where the last such number is.
  std::uint32_t duplicates_in(sequence_range range) const;
  std::uint32_t late_in(sequence_range range) const;
  std::uint64_t received_in(sequence_range range) const;
  /// All numbers below `end` that have not been seen.
  sequence_set missing_below(std::uint32_t end) const;
  /// Numbers that a break of the session excuses, should they be missing.
  const sequence_set& excused() const;

  /// Joins what another member of one shared subscription has seen of the same stream: numbers that
  /// both saw count as duplicates; lateness across members has no meaning and is not added.
  void join(const receipt_tracker& other);

  /// A tracker taken apart, for moving it between processes.
  struct parts {
    std::uint32_t next = 0;
    std::uint32_t duplicates = 0;
    std::uint32_t late = 0;
    std::uint16_t epoch = 0;
    sequence_set missing;
    sequence_set excused;
    sequence_set repeated;
    sequence_set overtaken;
  };
  parts to_parts() const;
  static receipt_tracker from_parts(parts from);

 private:
  // What only an unhealthy stream needs.
  struct trouble {
    sequence_set missing;  // below next_
    sequence_set excused;
    sequence_set repeated;   // seen more than once
    sequence_set overtaken;  // late_ of them
    sequence_set untold;     // of `missing` once, but in `skipped` of no receipt; does not travel
  };
  trouble& make_trouble();

  std::uint32_t next_ = 0;
  std::uint32_t duplicates_ = 0;
  std::uint32_t late_ = 0;
  std::uint16_t epoch_ = 0;
  std::unique_ptr<trouble> trouble_;
};

}  // namespace gauntlet::history
