#pragma once

// Order of messages. MQTT 5.0 §4.6

#include "conformance/suite/suite.hpp"

namespace gauntlet::conformance {

/// All tests of this folder.
void add_ordering_cases(suite& to);

// One file each.
void add_message_order_cases(suite& to);
void add_session_order_cases(suite& to);

}  // namespace gauntlet::conformance
