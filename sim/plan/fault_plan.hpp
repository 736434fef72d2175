#pragma once

// The faults of a run as rules for links: groups and shares as Client Identifiers, chaos as faults
// with times. The same on every worker and host.

#include <vector>

#include "harness/fault/rule.hpp"
#include "sim/plan/fleet_plan.hpp"

namespace gauntlet::sim {

/// In the order of the file, chaos last by time. Times count from the start of publishing.
std::vector<fault::rule> fault_rules_of(const fleet_plan& plan);

/// Whether there are faults.
bool breaks_links(const scenario& described);

/// Whether anything stands between the devices and the broker: faults, or the wish to prove
/// something.
bool needs_links(const scenario& described);

}  // namespace gauntlet::sim
