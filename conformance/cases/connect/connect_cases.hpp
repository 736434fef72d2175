#pragma once

// CONNECT and CONNACK. MQTT 5.0 §3.1, §3.2

#include "conformance/suite/suite.hpp"

namespace gauntlet::conformance {

/// All tests of this folder.
void add_connect_cases(suite& to);

// One file each.
void add_announced_cases(suite& to);
void add_assigned_identifier_cases(suite& to);
void add_byte_stream_cases(suite& to);
void add_client_identifier_cases(suite& to);
void add_connack_cases(suite& to);
void add_connack_property_cases(suite& to);
void add_connect_field_cases(suite& to);
void add_connect_property_cases(suite& to);
void add_connect_text_cases(suite& to);
void add_connect_timeout_cases(suite& to);
void add_first_packet_cases(suite& to);
void add_pipelining_cases(suite& to);
void add_protocol_version_cases(suite& to);
void add_refused_connect_cases(suite& to);

}  // namespace gauntlet::conformance
