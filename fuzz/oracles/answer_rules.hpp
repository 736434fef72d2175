#pragma once

// Rules for what a broker sends, whatever it was sent: each packet is one that a server may send,
// CONNACK comes first and once, and an acknowledgement answers something.

#include <vector>

#include "fuzz/execution/observation.hpp"
#include "fuzz/oracles/suspicion.hpp"
#include "harness/mqtt/packets.hpp"

namespace gauntlet::fuzz {

/// Whether this client's Maximum Packet Size may be too small for CONNACK. A server then sends none
/// (MQTT-3.1.2-24); whether it goes on without is left to it.
bool may_lack_connack(const mqtt::connect& hello);

/// Each rule that the observed answers break, once.
std::vector<suspicion> breaches_of(const input& played, const observation& seen);

}  // namespace gauntlet::fuzz
