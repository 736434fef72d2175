#pragma once

// gauntlet run of a scenario with a matrix: one run after the other, and a page that puts them side
// by side.

#include "cli/scenario_run.hpp"

namespace gauntlet::cli {

/// Refuses flags that would go unheard.
outcome<void> check_matrix_flags(const run_flags& flags);

/// Runs every combination, each into a folder of its own within the results; then writes
/// matrix.html, matrix.md and matrix.jsonl. Ctrl-C ends the combination that runs, and the rest is
/// said not to have run. Answers the worst exit code of all.
exit_code run_matrix(const run_flags& flags, chosen_scenarios chosen, const invocation& called);

}  // namespace gauntlet::cli
