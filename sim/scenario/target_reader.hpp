#pragma once

// Reads where the fleet connects, with its TLS settings, from the scenario file.

#include "harness/config/reader.hpp"
#include "sim/scenario/target_settings.hpp"

namespace gauntlet::sim {

/// A word as --target takes it, or a mapping.
config::reader<target_settings> target_reader();

}  // namespace gauntlet::sim
