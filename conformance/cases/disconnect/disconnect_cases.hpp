#pragma once

// DISCONNECT, and how connections end for errors. MQTT 5.0 §3.14, §4.13

#include "conformance/suite/suite.hpp"

namespace gauntlet::conformance {

/// All tests of this folder.
void add_disconnect_cases(suite& to);

// One file each.
void add_disconnect_from_client_cases(suite& to);
void add_disconnect_from_server_cases(suite& to);
void add_packet_error_cases(suite& to);

}  // namespace gauntlet::conformance
