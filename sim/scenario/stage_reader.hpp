#pragma once

// Reads the stages of a scenario, and the percentages of load that curves use as well.

#include <vector>

#include "harness/config/reader.hpp"
#include "sim/scenario/stage.hpp"

namespace gauntlet::sim {

/// Load as a percentage that may exceed 100%, up to 10,000%; the value is a factor.
config::reader<double> load_percentage();

/// A list of stages with different names.
config::reader<std::vector<stage>> stages_reader();

}  // namespace gauntlet::sim
