#pragma once

// CONNECT and CONNACK. MQTT 5.0 §3.1, §3.2

#include "conformance/suite/suite.hpp"

namespace gauntlet::conformance {

/// All tests of this folder.
void add_connect_cases(suite& to);

// One file each.
void add_first_packet_cases(suite& to);

}  // namespace gauntlet::conformance
