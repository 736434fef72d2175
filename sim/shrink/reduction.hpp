#pragma once

// Ways to make a scenario smaller, on its tree: fewer devices, faults, groups and messages, less
// time, fewer settings. None of them knows whether the scenario still makes sense; whoever loads it
// finds out.

#include <functional>
#include <string>
#include <vector>

#include "harness/config/node.hpp"

namespace gauntlet::sim {

/// One step that makes a scenario smaller.
struct reduction {
  std::string text;  ///< "without faults[2]", "fleet[0].count: 50 instead of 100"
  std::function<void(config::node& scenario)> apply;  ///< to the tree that it was made for, only
};

/// Every reduction of this tree, those that save most first.
std::vector<reduction> reductions_of(const config::node& scenario);

}  // namespace gauntlet::sim
