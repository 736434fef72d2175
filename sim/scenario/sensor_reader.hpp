#pragma once

// Reader of the sensors of a group.

#include <vector>

#include "harness/config/reader.hpp"
#include "sim/scenario/sensor.hpp"

namespace gauntlet::sim {

/// Sensors by name, in the order of the file.
config::reader<std::vector<sensor>> sensors_reader();

}  // namespace gauntlet::sim
