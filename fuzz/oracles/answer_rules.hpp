#pragma once

// Rules for what a broker sends, whatever it was sent: each packet is one that a server may send,
// CONNACK comes first and once, and an acknowledgement answers something.

#include <vector>

#include "fuzz/execution/observation.hpp"
#include "fuzz/oracles/suspicion.hpp"

namespace gauntlet::fuzz {

/// Whether it is the CONNACK by which a server of MQTT 3.1.1 refuses a CONNECT of another version
/// (MQTT 3.1.1 §3.1.2.2).
bool refuses_version(byte_view packet);

/// Each rule that the observed answers break, once.
std::vector<suspicion> breaches_of(const input& played, const observation& seen);

}  // namespace gauntlet::fuzz
