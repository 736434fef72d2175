#pragma once

// The themes of invariants, one file each; all_invariants() calls them.

#include <vector>

#include "conformance/invariants/invariant.hpp"

namespace gauntlet::conformance {

void add_fixed_header_invariants(std::vector<invariant>& to);

}  // namespace gauntlet::conformance
