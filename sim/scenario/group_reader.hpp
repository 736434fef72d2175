#pragma once

// Reads the groups of a fleet: devices, their publications, subscriptions and wills.

#include "harness/config/reader.hpp"
#include "sim/scenario/device_group.hpp"

namespace gauntlet::sim {

/// Reads one entry of `fleet`; what depends on the rest of the file is checked elsewhere.
config::reader<device_group> group_reader();

}  // namespace gauntlet::sim
