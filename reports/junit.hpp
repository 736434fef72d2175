#pragma once

// JUnit XML for CI servers: one test case for each expectation.

#include <string>

#include "harness/record/run_result.hpp"

namespace gauntlet::reports {

/// A document with one suite. The first case is always "The run completes"; not met is a failure,
/// undecided an error, not judged is skipped. Characters that XML cannot hold become U+FFFD.
std::string to_junit(const record::run_result& run);

}  // namespace gauntlet::reports
