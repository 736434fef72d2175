#pragma once

// When messages are due, beside their interval: bursts, a load over the day, and changes of a
// sensor.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/base/event_loop.hpp"

namespace gauntlet::sim {

/// Several messages at each due time instead of one.
struct burst_settings {
  std::uint32_t count = 0;
  duration spacing{};  ///< from one to the next
};

/// A load at a time of day; linear up to the next point, and from the last one over midnight to the
/// first.
struct load_point {
  duration at{};
  double load = 1;
};

/// Messages that are due when a sensor has changed.
struct change_trigger {
  std::string sensor;                              ///< name, or "position.lat" for a member
  double threshold = 0;                            ///< by at least so much; 0 means any change
  duration check_every = std::chrono::seconds(1);  ///< how often the device looks
  duration at_most_every{};                        ///< time between two messages at least
  std::optional<duration> heartbeat;               ///< a message after so long without a change
};

}  // namespace gauntlet::sim
