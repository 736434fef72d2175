#pragma once

// Reads how the devices of a group live, and how they come back.

#include "harness/config/reader.hpp"
#include "sim/scenario/life_cycle.hpp"

namespace gauntlet::sim {

/// `life_cycle`: the word always_on, or a mapping.
config::reader<life_cycle> life_cycle_reader();
/// `reconnect`: the word never, or a mapping.
config::reader<reconnect_settings> reconnect_reader();
/// `offline`.
config::reader<offline_settings> offline_reader();
/// clean, abrupt or half_open.
config::reader<departure> departure_reader();

}  // namespace gauntlet::sim
