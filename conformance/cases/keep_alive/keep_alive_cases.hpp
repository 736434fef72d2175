#pragma once

// Keep Alive and PINGREQ. MQTT 5.0 §3.1.2.10, §3.12

#include "conformance/suite/suite.hpp"

namespace gauntlet::conformance {

/// All tests of this folder.
void add_keep_alive_cases(suite& to);

// One file each.
void add_keep_alive_timeout_cases(suite& to);
void add_ping_cases(suite& to);

}  // namespace gauntlet::conformance
