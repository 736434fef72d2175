#pragma once

// After a restart: the broker's state from the records that persistence.hpp left in the store.

#include "harness/broker/state.hpp"

namespace gauntlet::broker {

/// Fills an empty state from the store, and makes it the store that changes go to. Sessions whose
/// client was connected count as left now; what expired meanwhile is due at once. A failure says
/// what is wrong with the store.
outcome<void> recover_state(broker_state& broker, durable_store& from);

}  // namespace gauntlet::broker
