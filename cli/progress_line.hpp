#pragma once

// The one line that shows a run while it runs: redrawn in place on a terminal; elsewhere a plain
// line at the beginning of each phase and every few seconds.

#include <cstdint>

#include "sim/engine/run_scenario.hpp"

namespace gauntlet::cli {

/// Draws progress on stderr.
class progress_line {
 public:
  explicit progress_line(bool on_terminal) : on_terminal_(on_terminal) {}
  ~progress_line();
  progress_line(const progress_line&) = delete;
  progress_line& operator=(const progress_line&) = delete;

  void show(const sim::run_progress& now);

 private:
  bool on_terminal_;
  bool drawn_ = false;
  sim::run_progress last_;  ///< at the last drawing, for rates
};

}  // namespace gauntlet::cli
