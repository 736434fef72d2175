#pragma once

// What was injected into a run and what its packets prove, as the result holds it.

#include <vector>

#include "harness/history/evidence.hpp"
#include "harness/history/guarantee_report.hpp"
#include "harness/record/run_result.hpp"
#include "sim/engine/worker_faults.hpp"
#include "sim/plan/fleet_plan.hpp"

namespace gauntlet::sim {

/// What the scenario says that the broker keeps.
history::declared_promises promises_of(const guarantee_settings& said);

/// After faults below TCP: what a link has passed may not have arrived. Rules that stand on that
/// are inconclusive where they would have failed; those about what clients were told stay as they
/// are.
void leave_open_what_the_network_hid(std::vector<record::guarantee_record>& guarantees);

/// Says in each finding which faults were active while its packets were on their way, or in the
/// five seconds before.
void name_active_faults(std::vector<record::guarantee_record>& guarantees,
                        const std::vector<record::fault_record>& faults);

/// One record for each fault; what was active at the end ended at `run_end`.
std::vector<record::fault_record> report_faults(const fleet_plan& plan,
                                                const std::vector<fault_activity>& activities,
                                                time_point run_start, time_point run_end);

/// Lines about the same: when each fault began and ended, and its first strikes.
record::event_log events_of(const fleet_plan& plan, const std::vector<fault_activity>& activities,
                            time_point run_start);

/// Each guarantee that was asked as an expectation, for verdict and reports.
std::vector<record::expectation_record> expectations_of(
    const std::vector<record::guarantee_record>& guarantees);

}  // namespace gauntlet::sim
