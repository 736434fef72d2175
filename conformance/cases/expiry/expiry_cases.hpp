#pragma once

// Message expiry. MQTT 5.0 §3.3.2.3.3

#include "conformance/suite/suite.hpp"

namespace gauntlet::conformance {

/// All tests of this folder.
void add_expiry_cases(suite& to);

// One file each.
void add_message_expiry_cases(suite& to);

}  // namespace gauntlet::conformance
