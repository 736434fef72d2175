#pragma once

// Inside harness/net only: time limits of connections that are opening or closing. Open ones have
// none, so they cost nothing here.

#include <cstdint>
#include <vector>

#include "harness/net/timer_wheel.hpp"

namespace gauntlet::net {

class deadline;

/// The limits in force on a loop. Must outlive them.
class deadlines {
 public:
  explicit deadlines(event_loop& loop);

 private:
  friend class deadline;

  event_loop& loop_;
  timer_wheel wheel_;
  std::vector<deadline*> by_slot_;
  std::vector<std::uint32_t> free_slots_;
};

/// A time limit; destroying it lifts the limit.
class deadline {
 public:
  /// In force from now on.
  deadline(deadlines& all, duration limit);
  deadline(const deadline&) = delete;
  deadline& operator=(const deadline&) = delete;

  /// The limit is over; called from the loop, once. May destroy the deadline.
  virtual void on_deadline() = 0;

 protected:
  ~deadline();

 private:
  deadlines& all_;
  std::uint32_t slot_;
};

}  // namespace gauntlet::net
