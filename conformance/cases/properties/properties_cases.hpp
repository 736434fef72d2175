#pragma once

// What a message carries: its properties and its payload; and explanations. MQTT 5.0 §3.3.2.3,
// §3.3.3, §3.1.2.11.7

#include "conformance/suite/suite.hpp"

namespace gauntlet::conformance {

/// All tests of this folder.
void add_properties_cases(suite& to);

// One file each.
void add_forwarded_cases(suite& to);
void add_payload_cases(suite& to);
void add_property_error_cases(suite& to);
void add_problem_information_cases(suite& to);

}  // namespace gauntlet::conformance
