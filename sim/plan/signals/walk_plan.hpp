#pragma once

// Random walks that can be asked at any place, in any order, in the logarithm of the distance: the
// walk is drawn at far points first and refined between them.

#include <array>
#include <cstdint>

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

  static constexpr std::size_t levels_max = 40;
  walk_signal what_;
  double mean_ = 0;
  double deviation_ = 0;  // of the stationary process
  unsigned levels_ = 0;   // a block is 2^levels_ steps long
  struct level {
    double weight = 0;     // of each end in the middle of an interval of length 2^j
    double deviation = 0;  // of what is added to it
  };
  std::array<level, levels_max> at_;
  std::array<double, levels_max> decay_;  // (1 - reversion)^(2^j)
};

}  // namespace gauntlet::sim
