#pragma once

// The life of a forked worker process: obey the coordinator's messages, report, end.

#include "sim/engine/fleet_worker.hpp"
#include "sim/engine/worker_pipe.hpp"
#include "sim/plan/fleet_plan.hpp"

namespace gauntlet::sim {

/// Runs one shard until the coordinator has its report or is gone. Never returns to the caller's
/// code: the process ends here.
[[noreturn]] void run_worker_process(const fleet_plan& plan, sim::shard shard,
                                     worker_pipe coordinator);

}  // namespace gauntlet::sim
