#pragma once

// The list of all invariants.

#include <string_view>
#include <vector>

#include "conformance/invariants/invariant.hpp"

namespace gauntlet::conformance {

/// All invariants, by theme. Never changes.
const std::vector<invariant>& all_invariants();

/// Null if there is none of that id.
const invariant* find_invariant(std::string_view id);

}  // namespace gauntlet::conformance
