#pragma once

// What a run saw, in the form of the result model: a record for each test, and one for each
// invariant over all of them.

#include <functional>
#include <vector>

#include "conformance/runner/run_suite.hpp"
#include "harness/record/test_record.hpp"

namespace gauntlet::conformance {

/// How somebody else sees the same; called for tests that have something to show.
using reproducer_function =
    std::function<record::reproducer_record(const planned_test&, const case_result&)>;

/// A record for each test of the run, in its order, then one for each invariant of the versions
/// that ran.
std::vector<record::test_record> test_records(const suite_run& run, const catalogue& statements,
                                              const reproducer_function& reproduce);

}  // namespace gauntlet::conformance
