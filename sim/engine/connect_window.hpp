#pragma once

// How many connections may be under way at once. A broker's listen backlog is finite and unknown
// (100 is common): one connection too many costs its client a second of silence, not an error. So
// the window starts small, grows while answers are quick and shrinks when one is as slow as a lost
// SYN.

#include <algorithm>
#include <cstdint>

#include "harness/base/event_loop.hpp"

namespace gauntlet::sim {

/// Adaptive limit on connections being set up: additive increase, multiplicative decrease.
class connect_window {
 public:
  static constexpr std::uint32_t start = 100;
  static constexpr std::uint32_t size_min = 16;
  static constexpr std::uint32_t size_max = 1000;
  /// Slower than this looks like a retransmitted SYN (1 s) and not like a busy broker.
  static constexpr duration slow = std::chrono::milliseconds(500);

  bool has_room() const { return under_way_ < size_; }
  std::uint32_t size() const { return size_; }
  std::uint32_t under_way() const { return under_way_; }

  /// A connection is being set up now.
  void started() { ++under_way_; }

  /// It is open, or has failed, after `took` of waiting.
  void finished(duration took, time_point now) {
    --under_way_;
    if (took >= slow) {
      // One burst of losses is one sign: its victims finish together and must not shrink it twice.
      if (now - last_shrink_ >= slow) {
        size_ = std::max(size_min, size_ / 2);
        last_shrink_ = now;
      }
      quick_ = 0;
    } else if (++quick_ >= size_) {
      size_ = std::min(size_max, size_ + size_ / 8);
      quick_ = 0;
    }
  }

 private:
  std::uint32_t size_ = start;
  std::uint32_t under_way_ = 0;
  std::uint32_t quick_ = 0;
  time_point last_shrink_{-std::chrono::hours(1)};
};

}  // namespace gauntlet::sim
