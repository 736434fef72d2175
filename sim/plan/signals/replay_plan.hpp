#pragma once

// A column of a CSV file, played back.

#include <cstdint>

#include "harness/base/seeded_stream.hpp"
#include "sim/plan/sensor_value.hpp"
#include "sim/scenario/sensor.hpp"

namespace gauntlet::sim {

/// A replay_signal, ready.
class replay_plan {
 public:
  explicit replay_plan(const replay_signal& what);

  /// `key` is that of the device's signal.
  sensor_value value(const stream_key& key, const sample_moment& when) const;

 private:
  double time_of(std::size_t row) const;
  sensor_value between(double position_ns) const;

  replay_signal what_;
  double length_ns_ = 0;  // of one round, by time
};

}  // namespace gauntlet::sim
