#pragma once

// Maximum Packet Size both ways. MQTT 5.0 §3.1.2.11.4, §3.2.2.3.6

#include "conformance/suite/suite.hpp"

namespace gauntlet::conformance {

/// All tests of this folder.
void add_packet_size_cases(suite& to);

// One file each.
void add_client_maximum_cases(suite& to);
void add_acknowledgement_size_cases(suite& to);
void add_broker_maximum_cases(suite& to);

}  // namespace gauntlet::conformance
