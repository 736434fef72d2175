#pragma once

// What was injected into a run and what its packets prove, as the result holds it.

#include <vector>

#include "harness/history/evidence.hpp"
#include "harness/history/finding.hpp"
#include "harness/record/run_result.hpp"
#include "sim/engine/worker_faults.hpp"
#include "sim/plan/fleet_plan.hpp"

namespace gauntlet::sim {

/// What the scenario says that the broker keeps.
history::declared_promises promises_of(const guarantee_settings& said);

/// One record for each guarantee, with times since `run_start`.
std::vector<record::guarantee_record> report_guarantees(const history::evidence& all,
                                                        const history::findings& found,
                                                        time_point run_start);

/// One record for each fault; what was active at the end ended at `run_end`.
std::vector<record::fault_record> report_faults(const fleet_plan& plan,
                                                const std::vector<fault_activity>& activities,
                                                time_point run_start, time_point run_end);

/// Each guarantee that was asked as an expectation, for verdict and reports.
std::vector<record::expectation_record> expectations_of(
    const std::vector<record::guarantee_record>& guarantees);

}  // namespace gauntlet::sim
