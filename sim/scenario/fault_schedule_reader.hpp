#pragma once

// Reads `faults`, `chaos` and `guarantees`.

#include <optional>
#include <vector>

#include "harness/config/reader.hpp"
#include "sim/scenario/scenario.hpp"

namespace gauntlet::sim {

config::reader<std::vector<scheduled_fault>> faults_reader();
config::reader<chaos_settings> chaos_reader();
/// `true`, or what the broker is said to keep.
config::reader<std::optional<guarantee_settings>> guarantees_reader();

/// What needs the whole scenario: groups that exist, times within the duration, names that differ.
void check_faults(const scenario& made, const config::node& from, config::diagnostics& wrong);

/// Gives names to faults that have none.
void name_faults(scenario& made);

}  // namespace gauntlet::sim
