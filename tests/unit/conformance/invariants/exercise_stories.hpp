#pragma once

// Small stories of packets in which a broker has occasion to break each invariant. They are no
// tests of anything else: what they await serves only to bring them further.

#include <vector>

#include "conformance/suite/test_case.hpp"

namespace gauntlet::conformance {

/// All stories; each runs on both versions unless it is about 5.0 alone.
std::vector<test_case> exercise_stories();

}  // namespace gauntlet::conformance
