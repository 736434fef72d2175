#pragma once

// Whether the tester itself keeps the rules. After a breach a broker may do as it likes, so rules
// about what went before are silent then.

#include "conformance/invariants/connection_story.hpp"
#include "harness/mqtt/packets.hpp"

namespace gauntlet::conformance {

/// Whether a client may send this packet now. `packet` is legal by itself, and not part of `story`
/// yet. What the broker has announced counts from CONNACK on. Strict where in doubt: a rule too
/// many costs a check, a rule too few a wrong conviction.
bool keeps_client_rules(const connection_story& story, const mqtt::packet& packet);

}  // namespace gauntlet::conformance
