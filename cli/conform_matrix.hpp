#pragma once

// gauntlet conform --matrix and --diff: several results together.

#include "cli/conform_run.hpp"

namespace gauntlet::cli {

/// Runs the plan against each target of --matrix and writes matrix.html, matrix.md and each
/// broker's own reports. A target that cannot be opened is told and left out. The worst exit code
/// of the runs.
exit_code run_matrix(const conform_flags& flags, const conform_plan& plan,
                     const conformance::conduct_request& wanted);

/// Says which flags make no sense together with --matrix, or names a target twice.
outcome<void> check_matrix_flags(const conform_flags& flags);

/// Prints what changed between the two results of --diff: 1 if a test broke or changed.
exit_code print_diff(const conform_flags& flags);

}  // namespace gauntlet::cli
