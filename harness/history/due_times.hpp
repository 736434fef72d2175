#pragma once

// When the messages of one stream were due, for streams whose times cannot be derived from a plan:
// messages that something triggered, and schedules changed at run time. About four bytes a message.

#include <cstdint>

#include "harness/base/bytes.hpp"
#include "harness/base/compact.hpp"
#include "harness/base/event_loop.hpp"

namespace gauntlet::history {

/// Due times by number, in order, on the plan's time line.
class due_times {
 public:
  /// More are not kept; whoever sends must not exceed it.
  static constexpr std::uint32_t count_max = 1'000'000;

  std::uint32_t size() const { return count_; }
  bool full() const { return count_ >= count_max; }
  /// The last one; zero if there is none.
  duration last() const { return last_; }

  /// Appends the next number's, which must not be earlier than the last. Not when full.
  void add(duration due);
  /// The first number that is due at `from` or later; size() if none is.
  std::uint32_t first_from(duration from) const;

  void write(compact_writer& out) const;
  /// Marks `in` as failed if what it holds cannot be due times.
  static due_times read(compact_reader& in);

  bool operator==(const due_times&) const = default;

 private:
  byte_buffer steps_;  // nanoseconds from one to the next, as compact numbers
  std::uint32_t count_ = 0;
  duration last_{};
};

}  // namespace gauntlet::history
