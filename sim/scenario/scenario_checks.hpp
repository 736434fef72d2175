#pragma once

// Checks across a whole scenario file.

#include "harness/config/diagnostic.hpp"
#include "harness/config/node.hpp"
#include "sim/scenario/scenario.hpp"

namespace gauntlet::sim {

/// Group names, client identifiers, sizes and times, and expectations that nothing could meet.
void check_scenario(const scenario& made, const config::node& from, config::diagnostics& wrong);

}  // namespace gauntlet::sim
