#pragma once

// The tests. Each theme has a folder, whose header declares what adds the tests of each file.

#include "conformance/suite/suite.hpp"

namespace gauntlet::conformance {

/// Every scenario test that there is.
suite all_cases();

}  // namespace gauntlet::conformance
