#pragma once

// TCP, TLS and WebSocket: a stream of bytes whatever carries it. MQTT 5.0 §4.2, §6

#include "conformance/suite/suite.hpp"

namespace gauntlet::conformance {

/// All tests of this folder.
void add_transport_cases(suite& to);

// One file each.
void add_transport_stream_cases(suite& to);
void add_across_transports_cases(suite& to);
void add_websocket_frame_cases(suite& to);

}  // namespace gauntlet::conformance
