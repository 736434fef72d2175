#pragma once

// When the devices of a group are there and when they are away, how they leave, and what they do
// about it: when they try to come back, and what they keep meanwhile. How single times follow from
// the seed is in sim/plan/life_plan.hpp.

#include <cstdint>
#include <optional>

#include "harness/base/event_loop.hpp"

namespace gauntlet::sim {

/// How a device ends its connection as planned.
enum class departure : std::uint8_t {
  clean,      ///< DISCONNECT, after what is under way has been acknowledged
  abrupt,     ///< the connection is closed without DISCONNECT, as when a program is killed
  reset,      ///< the connection is reset (TCP RST); what is on its way may be lost
  half_open,  ///< the device falls silent; the broker finds out by the Keep Alive
};

/// How times spread around the one that the file names.
enum class spread : std::uint8_t {
  fixed,        ///< each is that time
  uniform,      ///< from half of it to one and a half
  exponential,  ///< it is their mean, and they know nothing of each other
};

/// How a device lives.
struct life_cycle {
  enum class kind : std::uint8_t {
    always_on,
    sleep,     ///< there for a while, away for a while
    visit,     ///< connects at each time, sends what is due, leaves
    flapping,  ///< as sleep, but the connection is lost
    roaming,   ///< a new connection from another address, while the broker still holds the old one
  };
  kind as = kind::always_on;
  duration present{};  ///< each time at one stretch; unused by visits
  duration away{};     ///< the same; unused by visits and roaming
  duration every{};    ///< between two visits
  duration linger{};   ///< how long a visit goes on when all is sent, for what waits for the device
  sim::spread spread = spread::fixed;  ///< of `present` and `away`
  /// When a device first leaves (visits: comes), after the start; without it spread over the cycle.
  std::optional<duration> first;
  departure leaves = departure::clean;
};

/// When a device connects again after it was refused or its connection was lost: after
/// min(max, first * factor^n), made longer or shorter by a random part of up to `jitter`.
struct reconnect_settings {
  bool never = false;
  duration first = std::chrono::seconds(1);
  double factor = 2;
  duration max = std::chrono::seconds(30);
  double jitter = 0.5;  ///< 0 to 1
};

/// What a device keeps of the messages that become due while it has no connection.
struct offline_settings {
  enum class victim : std::uint8_t { oldest, newest };
  std::uint32_t buffer = UINT32_MAX;  ///< messages of all its publications together
  victim drop = victim::oldest;       ///< what goes when there is no room
};

}  // namespace gauntlet::sim
