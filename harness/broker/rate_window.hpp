#pragma once

// Counting events against a limit a second.

#include <cstdint>

#include "harness/base/event_loop.hpp"

namespace gauntlet::broker {

/// A second at a time: what came in the latest one.
struct rate_window {
  time_point start{};
  std::uint32_t count = 0;

  /// Counts one event; answers whether there are at most `limit` in the second that it falls into.
  bool admits(time_point now, std::uint32_t limit) {
    if (now - start >= std::chrono::seconds(1)) {
      start = now;
      count = 0;
    }
    return ++count <= limit;
  }
};

}  // namespace gauntlet::broker
