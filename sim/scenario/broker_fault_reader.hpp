#pragma once

// The keys of a scenario's faults that are played on the broker itself:
//     - {at: 5s, broker: kill, restart_after: 2s}
//     - {at: 9s, every: 20s, for: 3s, broker: pause}

#include "harness/config/object.hpp"
#include "sim/scenario/fault_schedule.hpp"

namespace gauntlet::sim {

/// Adds them to the table of an entry of `faults`.
void add_broker_fault_keys(config::object<scheduled_fault>& table);

/// What no single key shows to be wrong with such an entry, and those keys on any other entry.
void check_broker_fault(const scheduled_fault& made, const config::node& from,
                        config::diagnostics& wrong);

}  // namespace gauntlet::sim
