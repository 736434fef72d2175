#pragma once

// gauntlet conform --prove: the kill table of the conformance tests.

#include <vector>

#include "conformance/runner/selection.hpp"
#include "harness/base/exit_code.hpp"

namespace gauntlet::cli {

/// Prints a line for each test and each defect that it must catch, with the verdict, and the score.
/// Quiet, only what does not hold. A test that is not proven is a fault of ours.
exit_code prove_tests(const std::vector<conformance::planned_test>& plan, bool quiet);

}  // namespace gauntlet::cli
