#pragma once

// What the standards say of a packet that breaks a rule: which statements, how firmly a server has
// to refuse it, with which Reason Codes, and which defects of the reference broker show that a
// vector would notice. The codec finds the rule that is broken; the table here says the rest.

#include <vector>

#include "conformance/statements/caught_defect.hpp"
#include "conformance/statements/statement.hpp"
#include "conformance/suite/breach.hpp"
#include "harness/base/bytes.hpp"
#include "harness/mqtt/reason_code.hpp"

namespace gauntlet::conformance {

/// How firmly a refusal is asked for.
enum class detection : std::uint8_t {
  demanded,  ///< a statement tells the server to close, or to take the packet for malformed
  expected,  ///< follows from other rules, or no reaction is laid down: overlooking it is a variant
};

/// The judgement of one illegal packet in one version.
struct ruling {
  std::vector<statement_name> covers;
  detection refusal = detection::demanded;
  std::vector<mqtt::reason_code> codes;  ///< fitting ones, in 5.0
  std::vector<caught_defect> defects;
  /// Whether the bytes that follow cannot be told apart any more.
  bool loses_framing = false;
};

/// Whether one whole packet of a client keeps every rule that shows within it.
bool is_legal(byte_view packet, mqtt::protocol_version version);

/// The ruling on a packet that is not legal. `stage`: where the packet is sent.
ruling rule_on(byte_view packet, mqtt::protocol_version version, breach_stage stage);

/// The defects for any packet that a server refuses at this stage.
std::vector<caught_defect> defects_of_refusals(detection refusal, mqtt::protocol_version version,
                                               breach_stage stage);

/// Statements from their ids, separated by blanks.
std::vector<statement_name> statements(mqtt::protocol_version version, std::string_view ids);

/// A defect to be caught in one version.
caught_defect caught_in(mqtt::protocol_version version, const char* name);

}  // namespace gauntlet::conformance
