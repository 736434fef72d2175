#pragma once

// What a broker can do, for people.

#include <vector>

#include "conformance/runner/lane.hpp"
#include "harness/record/conformance_result.hpp"

namespace gauntlet::conformance {

/// A line for each thing that users ask about, with how it is known.
std::vector<record::capability_record> capability_card(const broker_access& access, bool v3_1_1,
                                                       bool v5);

}  // namespace gauntlet::conformance
