#pragma once

// How a load bends time. Schedules are made in nominal time, which runs faster than real time where
// the load is above 1, slower below, and stands still at 0: nominal(t) is the integral of the load
// from 0 to t. With a load that is linear piece by piece the integral is quadratic, and both
// directions have a closed form.

#include <vector>

#include "harness/base/event_loop.hpp"

namespace gauntlet::sim {

/// A piece of a load over real time.
struct load_piece {
  duration length{};  ///< above 0
  double from = 1;    ///< load at its beginning, 0 or more
  double to = 1;      ///< load at its end
};

/// Maps real to nominal time and back. Times are counted in nanoseconds from the beginning; nominal
/// ones are floating point, exact to well below a nanosecond within a piece.
class time_warp {
 public:
  explicit time_warp(const std::vector<load_piece>& pieces);

  /// Real time from beginning to end.
  duration length() const { return duration(pieces_.back().real_end); }
  /// Nominal time of the whole: what "100% for so long" would do as much as.
  double nominal_length() const { return pieces_.back().nominal_end; }

  /// Whether both times are the same everywhere.
  bool is_identity() const { return identity_; }

  /// Nominal time at a real time; before the beginning and after the end the load counts as 1.
  double nominal(duration real) const;
  /// The real time at which a nominal one passes, rounded down; where time stands still, its last
  /// moment, so that what is due then waits for the load to return. `nominal` is within
  /// [0, nominal_length()).
  duration real(double nominal) const;

  /// The load at a real time; at a border that of the piece which begins.
  double load(duration real) const;
  /// The first time at or after `real` at which the load is not 0; length() if there is none.
  duration resumed(duration real) const;

 private:
  struct piece {
    duration::rep real_begin = 0;
    duration::rep real_end = 0;
    double nominal_begin = 0;
    double nominal_end = 0;
    double from = 1;
    double to = 1;
  };
  const piece& piece_at(duration real) const;

  std::vector<piece> pieces_;
  bool identity_ = true;
};

}  // namespace gauntlet::sim
