#pragma once

// From the bytes of one packet to the rule for it.

#include "harness/broker/state.hpp"

namespace gauntlet::broker {

/// Handles one whole packet of a connection that is not closed.
void handle_packet(broker_state& broker, connection& from, byte_view packet);

}  // namespace gauntlet::broker
