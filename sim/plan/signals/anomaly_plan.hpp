#pragma once

// When a sensor is at fault: at given times, or at those of a Poisson process that can be asked at
// any time without its past.

#include <cstdint>
#include <optional>
#include <vector>

#include "harness/base/seeded_stream.hpp"
#include "sim/scenario/sensor.hpp"

namespace gauntlet::sim {

/// An anomaly, ready.
class anomaly_plan {
 public:
  /// `every` is the time between two samples of the sensor.
  anomaly_plan(const anomaly& what, duration every);

  const anomaly& what() const { return what_; }
  /// When the episode began in which the sensor is at a time, the latest if several overlap. A
  /// sample belongs to an episode that began at its time or since the sample before. `key` is that
  /// of this anomaly of the device's sensor.
  std::optional<duration> begin(const stream_key& key, duration at) const;

 private:
  std::optional<duration> latest_in(const stream_key& key, std::int64_t slot, duration at) const;

  anomaly what_;
  duration lasts_;
  duration slot_{};          // of the Poisson process: not shorter than an episode
  double none_in_slot_ = 1;  // probability that a slot has no beginning
  double mean_in_slot_ = 0;
};

}  // namespace gauntlet::sim
