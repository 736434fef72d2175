#pragma once

// What was found of each guarantee, as results hold it.

#include <vector>

#include "harness/history/evidence.hpp"
#include "harness/history/finding.hpp"
#include "harness/record/guarantee_record.hpp"

namespace gauntlet::history {

/// One record for each guarantee, with times since `run_start`.
std::vector<record::guarantee_record> report_guarantees(const evidence& all, const findings& found,
                                                        time_point run_start);

}  // namespace gauntlet::history
