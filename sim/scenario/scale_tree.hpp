#pragma once

// Makes a fleet larger or smaller as a whole, before it is read, so that every check of the file
// sees the fleet that will run.

#include <string>
#include <vector>

#include "harness/config/node.hpp"

namespace gauntlet::sim {

/// Multiplies the count of each group, to at least one device, but not of those that say
/// `scale: false`; and the rate of arrival, so that it takes as long as before. Answers what was
/// changed and what was not, in words. What is not as expected is left to the reader.
std::vector<std::string> scale_tree(config::node& scenario, double by);

}  // namespace gauntlet::sim
