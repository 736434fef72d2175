#pragma once

// How somebody else sees what a test saw: a line for a shell, a script, our own command line, and
// captures for Wireshark.

#include <filesystem>

#include "conformance/runner/broker_under_test.hpp"
#include "conformance/runner/run_suite.hpp"
#include "conformance/runner/test_records.hpp"

namespace gauntlet::conformance {

/// Makes reproducers of tests of a run of `wanted` with this seed. Borrows the statements.
reproducer_function reproducer_for(const broker_request& wanted, std::uint64_t seed,
                                   const catalogue& statements);

/// Writes a capture of each test that did not pass, or that showed a breach of an invariant, into
/// `folder`, which it makes. Answers how many.
outcome<std::size_t> write_captures(const std::filesystem::path& folder, const suite_run& run,
                                    const catalogue& statements);

}  // namespace gauntlet::conformance
