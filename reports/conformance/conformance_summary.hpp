#pragma once

// What a report of a conformance run says first, in the same words whatever its form; private to
// reports.

#include <string>
#include <string_view>
#include <vector>

#include "harness/record/conformance_result.hpp"
#include "reports/summary.hpp"

namespace gauntlet::reports {

summary summarize(const record::conformance_result& result);

/// "mosquitto 2.0.11".
std::string subject(const record::conformance_result& result);

/// "passed", "failed", "variant", ...
std::string_view words_of(record::test_verdict value);

/// The tone in which a test's verdict is shown.
record::verdict tone_of(record::test_verdict value);

/// "1,230 passed, 6 failed, 2 unstable": what there is, the worst first.
std::string counts_words(const record::verdict_counts& counts);

/// "231 of 238 testable statements tested, 225 kept, 6 broken". The honest denominator of what a
/// run claims, with what cannot be seen: "13 of 251 are not visible from outside".
std::string coverage_words(const record::catalogue_totals& totals);

/// Tests that failed or were unstable: MUSTs first, else in the order of the run.
std::vector<const record::test_record*> failures_of(const record::conformance_result& result);

/// "new failure", "unexpected pass", ...
std::string_view words_of(record::expectation_change value);

}  // namespace gauntlet::reports
