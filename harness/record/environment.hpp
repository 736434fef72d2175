#pragma once

// The machine that a run took place on, for the report.

#include "harness/record/run_result.hpp"

namespace gauntlet::record {

/// Reads host name, system, kernel, processor, memory and the descriptor limit as it is now. What
/// cannot be read stays empty.
environment_record describe_environment();

}  // namespace gauntlet::record
