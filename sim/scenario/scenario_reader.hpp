#pragma once

// Reads a scenario from a tree whose files are merged and whose parameters are replaced.

#include "harness/config/reader.hpp"
#include "sim/scenario/scenario.hpp"

namespace gauntlet::sim {

/// The whole file; `origin` is left to the caller.
config::reader<scenario> scenario_reader();

}  // namespace gauntlet::sim
