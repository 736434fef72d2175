#pragma once

// Reads one subscription of a device group from the scenario file.

#include "harness/config/reader.hpp"
#include "sim/scenario/subscription.hpp"

namespace gauntlet::sim {

/// A subscription, without the rules that concern the group as a whole (group_checks.hpp).
config::reader<subscription> subscription_reader();

}  // namespace gauntlet::sim
