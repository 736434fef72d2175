#pragma once

// The proof of a test: it passes on the correct broker, and fails on each broker with a defect that
// it names. A test without both counts for nothing.

#include <string>
#include <vector>

#include "conformance/suite/case_result.hpp"
#include "conformance/suite/test_case.hpp"

namespace gauntlet::conformance {

/// One run of a test on the reference broker.
struct proof_step {
  std::string_view defect;  ///< static text; empty: the correct broker
  case_result result;

  /// Whether the test said what it has to say: pass on the correct broker, fail with the defect.
  bool holds() const;
};

/// The proof of a test in one version: the correct broker first, then each defect that the test
/// names for that version. Virtual time: takes milliseconds.
std::vector<proof_step> prove(const test_case& of, mqtt::protocol_version version);

/// The run on the correct broker alone. What it took, in virtual time, is what it waits on purpose.
case_result rehearse(const test_case& of, mqtt::protocol_version version);

/// "pass", or the verdict with what was expected and seen.
std::string summary_of(const case_result& result);

}  // namespace gauntlet::conformance
