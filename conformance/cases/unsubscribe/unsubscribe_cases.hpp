#pragma once

// UNSUBSCRIBE and what it ends. MQTT 5.0 §3.10, §3.11

#include "conformance/suite/suite.hpp"

namespace gauntlet::conformance {

/// All tests of this folder.
void add_unsubscribe_cases(suite& to);

// One file each.
void add_unsuback_cases(suite& to);
void add_unsubscribe_effect_cases(suite& to);
void add_unsubscribe_unfinished_cases(suite& to);
void add_unsubscribe_error_cases(suite& to);

}  // namespace gauntlet::conformance
