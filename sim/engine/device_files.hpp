#pragma once

// Looks for the files that devices need of their own before anything runs: a missing one would else
// show as a device that never connects.

#include "harness/base/result.hpp"
#include "sim/plan/fleet_plan.hpp"

namespace gauntlet::sim {

/// Fails with the first certificate or key file of a device that cannot be read.
outcome<void> check_device_files(const fleet_plan& plan);

}  // namespace gauntlet::sim
