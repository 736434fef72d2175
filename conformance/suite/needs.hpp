#pragma once

// Whether a broker has what a test needs.

#include <optional>
#include <string>

#include "conformance/suite/arena.hpp"
#include "conformance/suite/test_case.hpp"

namespace gauntlet::conformance {

/// Why a test cannot say anything about this broker in that version, as a clause for people such as
/// "it has no shared subscriptions (CONNACK: Shared Subscription Available 0)"; nothing if it can.
std::optional<std::string> missing_for(const test_case& of, mqtt::protocol_version version,
                                       const arena& where);

}  // namespace gauntlet::conformance
