#pragma once

// Subscription Identifiers. MQTT 5.0 §3.8.2.1.2, §3.3.2.3.8, §3.3.4

#include "conformance/suite/suite.hpp"

namespace gauntlet::conformance {

/// All tests of this folder.
void add_subscription_identifier_cases(suite& to);

// One file each.
void add_identifier_delivery_cases(suite& to);
void add_identifier_overlap_cases(suite& to);
void add_identifier_session_cases(suite& to);
void add_identifier_error_cases(suite& to);

}  // namespace gauntlet::conformance
