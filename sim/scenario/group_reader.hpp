#pragma once

// Reads the groups of a fleet: devices, their publications, subscriptions and wills.

#include "harness/config/reader.hpp"
#include "sim/scenario/scenario.hpp"

namespace gauntlet::sim {

config::reader<device_group> group_reader();

}  // namespace gauntlet::sim
