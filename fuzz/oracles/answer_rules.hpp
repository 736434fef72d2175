#pragma once

// Rules for what a broker sends, whatever it was sent: each packet is one that a server may send,
// CONNACK comes first and once, and an acknowledgement answers something.

#include <vector>

#include "fuzz/execution/observation.hpp"
#include "fuzz/oracles/suspicion.hpp"
#include "harness/mqtt/packets.hpp"

namespace gauntlet::fuzz {

/// Whether it is the CONNACK by which a server of MQTT 3.1.1 refuses a CONNECT of another version
/// (MQTT 3.1.1 §3.1.2.2).
bool refuses_version(byte_view packet);

/// Whether it is a CONNACK by which a server refuses the connection, in either version.
bool is_refusal(byte_view packet);

/// Whether this client's Maximum Packet Size may be too small for CONNACK: a server then leaves it
/// out and goes on as if it had been sent (MQTT-3.1.2-24, MQTT-3.1.2-25).
bool may_lack_connack(const mqtt::connect& hello);

/// Each rule that the observed answers break, once.
std::vector<suspicion> breaches_of(const input& played, const observation& seen);

}  // namespace gauntlet::fuzz
