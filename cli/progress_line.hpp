#pragma once

// The one line that shows a run while it runs: redrawn in place on a terminal; elsewhere a plain
// line at the beginning of each phase and every few seconds.

#include <cstdint>

#include "cli/status_line.hpp"
#include "sim/engine/run_scenario.hpp"

namespace gauntlet::cli {

/// Draws progress on stderr.
class progress_line {
 public:
  explicit progress_line(bool on_terminal) : line_(on_terminal) {}

  void show(const sim::run_progress& now);

 private:
  status_line line_;
  sim::run_progress last_;  ///< at the last drawing, for rates
};

}  // namespace gauntlet::cli
