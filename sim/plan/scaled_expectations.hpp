#pragma once

// Bounds that grow and shrink with the fleet: an expectation of 2,000 deliveries a second is one of
// 200 for a tenth of it.

#include "sim/scenario/scenario.hpp"

namespace gauntlet::sim {

/// Changes the bounds of `scaled` that are numbers or rates: of messages as the deliveries planned
/// change from `full` to `scaled`, of connections as the devices do. Upper bounds on numbers are
/// rounded up. Adds to the origin what was changed.
void scale_expectations(scenario& scaled, const scenario& full);

}  // namespace gauntlet::sim
