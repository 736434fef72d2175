#pragma once

// What outlives a stop and start of a broker that keeps its state. MQTT 5.0 §4.1, §3.3.1.3

#include "conformance/suite/suite.hpp"

namespace gauntlet::conformance {

/// All tests of this folder.
void add_restart_cases(suite& to);

// One file each.
void add_restart_retained_cases(suite& to);
void add_restart_session_cases(suite& to);

}  // namespace gauntlet::conformance
