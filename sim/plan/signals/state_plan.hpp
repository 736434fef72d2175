#pragma once

// State machines and switches: a chain of states, each with a time for which it lasts. The state at
// a time follows from all before it, so a cursor remembers where the chain was.

#include <cstdint>
#include <string>
#include <vector>

#include "harness/base/seeded_stream.hpp"
#include "sim/plan/sensor_value.hpp"
#include "sim/scenario/sensor.hpp"

namespace gauntlet::sim {

/// A machine_signal or switch_signal, ready.
class state_plan {
 public:
  explicit state_plan(const machine_signal& what);
  explicit state_plan(const switch_signal& what);

  /// The number of the state at a moment.
  std::uint32_t state(const stream_key& key, const sample_moment& when,
                      sensor_cursor* cursor) const;
  /// A text, or for a switch true or false.
  sensor_value value(const stream_key& key, const sample_moment& when, sensor_cursor* cursor) const;

 private:
  struct way {
    std::uint32_t to = 0;
    double until = 1;  // sum of the probabilities up to this one
  };
  struct state_row {
    std::string name;
    dwell_time dwell;
    std::vector<way> next;
  };

  void enter(const stream_key& key, sensor_cursor& at, std::uint32_t state) const;
  void advance_by_time(const stream_key& key, sensor_cursor& at, std::int64_t time_ns) const;
  void advance_by_step(const stream_key& key, sensor_cursor& at, std::uint64_t step) const;

  std::vector<state_row> states_;
  std::uint32_t start_ = 0;
  bool by_step_ = false;
  bool is_switch_ = false;
};

}  // namespace gauntlet::sim
