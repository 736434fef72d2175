#pragma once

// What the process tells the shell. Scripts and CI gates rely on these numbers; they never change.

namespace gauntlet {

/// Exit status of every `gauntlet` command.
enum class exit_code : int {
  ok = 0,                  ///< all expectations met
  expectation_failed = 1,  ///< the run is complete, some expectation was not met
  bad_input = 2,           ///< command line or input file wrong, or nothing selected to do
  environment_failed = 3,  ///< target or machine failed: unreachable, died, too few descriptors
  internal_error = 4,      ///< a fault of Gauntlet's own
};

}  // namespace gauntlet
