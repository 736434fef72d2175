#pragma once

// One host's part of a run from several hosts.

#include "cli/scenario_run.hpp"

namespace gauntlet::cli {

/// Reads --part and --start-at; nothing if neither is given.
outcome<std::optional<sim::host_part>> read_host_part(const run_flags& flags);

/// Runs it, and leaves a file for `gauntlet merge` in the results folder.
exit_code run_part(const run_flags& flags, chosen_scenarios chosen, const invocation& called,
                   const sim::host_part& what);

}  // namespace gauntlet::cli
