#pragma once

// Reads the list of expectations.

#include <vector>

#include "harness/config/reader.hpp"
#include "sim/scenario/expectation.hpp"

namespace gauntlet::sim {

/// A list of mappings, each with any number of figures and an optional group and QoS.
config::reader<std::vector<expectation>> expectations_reader();

}  // namespace gauntlet::sim
