#pragma once

// Faults of every kind, a set each, as trials put them between the lively fleet and the broker.

#include <string>
#include <vector>

#include "harness/fault/rule.hpp"

namespace gauntlet::history::proof {

struct fault_set {
  std::string name;
  std::vector<fault::rule> rules;
};

/// One set for each kind of fault there is, cuts at each packet, and one of several at once.
std::vector<fault_set> every_kind_of_fault();

}  // namespace gauntlet::history::proof
