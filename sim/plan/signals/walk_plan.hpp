#pragma once

// Random walks that can be asked at any place, in any order, in the logarithm of the distance: the
// walk is drawn at far points first and refined between them.

#include <cstdint>
#include <vector>

#include "harness/base/seeded_stream.hpp"
#include "sim/scenario/sensor.hpp"

namespace gauntlet::sim {

/// A Gaussian random walk with unit steps and W(0) = 0.
double gaussian_walk(const stream_key& key, std::uint64_t at);

/// Folds a free value back into [min, max], as if it were reflected at the bounds.
double reflect(double value, double min, double max);

/// A walk_signal, ready.
class walk_plan {
 public:
  explicit walk_plan(const walk_signal& what);

  double value(const stream_key& key, std::uint64_t step) const;
  std::uint8_t decimals() const { return what_.decimals; }

 private:
  /// A walk that reverts, less its mean: drawn at the ends of blocks, which are so long that the
  /// walk has forgotten one when it comes to the next, and then halved down to the step (the bridge
  /// of a stationary autoregressive process).
  double reverting(const stream_key& key, std::uint64_t step) const;

  struct level {
    double weight = 0;     // of each end in the middle of an interval
    double deviation = 0;  // of what is added to it
  };

  walk_signal what_;
  double mean_ = 0;
  double deviation_ = 0;           // of the stationary process
  double decay_ = 0;               // over a block
  std::vector<level> levels_{{}};  // [j]: of intervals of 2^j steps; the last is a block
};

}  // namespace gauntlet::sim
