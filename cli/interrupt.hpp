#pragma once

// Ctrl-C and SIGTERM as a flag that a run asks about.

namespace gauntlet::cli {

/// While it lives, the first SIGINT or SIGTERM only sets the flag, so that the run can end in order
/// and write its report; a second one ends the process as usual.
class interrupt_guard {
 public:
  interrupt_guard();
  ~interrupt_guard();
  interrupt_guard(const interrupt_guard&) = delete;
  interrupt_guard& operator=(const interrupt_guard&) = delete;

  static bool requested();
};

}  // namespace gauntlet::cli
