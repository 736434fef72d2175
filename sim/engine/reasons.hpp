#pragma once

// The short phrases under which failures are counted: without anything that differs from device to
// device, so that ten thousand refusals are one line.

#include <string>

#include "harness/mqtt/protocol.hpp"
#include "harness/mqtt/reason_code.hpp"
#include "harness/net/channel.hpp"

namespace gauntlet::sim {

/// "CONNACK 0x87 not authorized" and the like.
std::string describe_code(mqtt::reason_code code, mqtt::packet_type carrier);

/// "connection refused", "closed by the peer", "connection reset": the end of a channel without the
/// address.
std::string describe_end(const net::channel_end& end);

}  // namespace gauntlet::sim
