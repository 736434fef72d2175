#pragma once

// How many connections one network address may hold, if limits::connections_per_address_max is set.

#include "harness/broker/state.hpp"

namespace gauntlet::broker {

/// Counts a new connection. Answers false, and counts nothing, if its address has enough.
bool count_address(broker_state& broker, connection& opened);

/// The connection is over.
void discount_address(broker_state& broker, connection& gone);

}  // namespace gauntlet::broker
