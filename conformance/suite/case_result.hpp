#pragma once

// What one run of one test saw.

#include <optional>
#include <string>
#include <vector>

#include "conformance/invariants/invariant.hpp"
#include "conformance/suite/verdict.hpp"
#include "harness/base/event_loop.hpp"
#include "harness/mqtt/protocol.hpp"
#include "harness/script/transcript.hpp"

namespace gauntlet::conformance {

/// What was expected at the first place where the broker did otherwise, and what came instead.
struct divergence {
  std::string client;    ///< whose connection; empty if none in particular
  std::string expected;  ///< such as "PUBACK for packet 1"
  std::string observed;  ///< such as "nothing for 5s"
  /// Without identifiers, times and names: equal for equal causes.
  std::string signature;
};

/// How the broker did what it did, apart from whether: a finding of its own, never a failure.
struct manner_finding {
  std::string expected;  ///< such as "DISCONNECT 0x82 (Protocol error) before the close"
  std::string observed;
};

/// The result of one test on one version.
struct case_result {
  std::string id;
  mqtt::protocol_version version = mqtt::protocol_version::v5;
  conformance::verdict verdict = verdict::pass;
  std::optional<divergence> first_divergence;  ///< for all verdicts but pass and skipped
  std::string reason;                          ///< of skipped, blocked, inconclusive, variant
  std::string control;  ///< what was served on the same path before the error; empty if none was
  std::vector<manner_finding> manners;
  std::vector<script::transcript> transcripts;  ///< one a connection, in order of opening
  std::vector<invariant_breach> breaches;       ///< packets that no broker may send; verdicts apart
  invariant_counts invariants_checked;
  duration took{};
  duration waited_for_nothing{};  ///< part of it that went into showing that nothing comes
};

}  // namespace gauntlet::conformance
