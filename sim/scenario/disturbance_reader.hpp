#pragma once

// Reads the disturbances of a scenario.

#include "harness/config/reader.hpp"
#include "sim/scenario/disturbance.hpp"
#include "sim/scenario/scenario.hpp"

namespace gauntlet::sim {

/// The list under `disturbances`.
config::reader<std::vector<disturbance>> disturbances_reader();

/// Checks disturbances against the rest of the file, whose root is `from`.
void check_disturbances(const scenario& made, const config::node& from, config::diagnostics& wrong);

}  // namespace gauntlet::sim
