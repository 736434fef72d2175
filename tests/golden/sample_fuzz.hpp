#pragma once

// Made-up results of fuzzing campaigns, the same at every call, for tests of records and reports.

#include "harness/record/fuzz_result.hpp"

namespace gauntlet::golden {

/// Half an hour on mosquitto with a crash, a breach of the protocol and something flaky; its texts
/// must be escaped.
record::fuzz_result fuzz_with_findings();

/// A minute on the reference broker, cut short, in which nothing was found.
record::fuzz_result fuzz_without_findings();

}  // namespace gauntlet::golden
