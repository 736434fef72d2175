#pragma once

// Runs one test once.

#include "conformance/suite/arena.hpp"
#include "conformance/suite/case_result.hpp"
#include "conformance/suite/test_case.hpp"

namespace gauntlet::conformance {

/// Runs the network's loop until the test is over. Skipped if the broker lacks what it needs.
/// `serial` tells apart runs of the same test. The test must run on `version`.
case_result run_case(arena& where, const test_case& of, mqtt::protocol_version version,
                     std::uint64_t serial = 0);

}  // namespace gauntlet::conformance
