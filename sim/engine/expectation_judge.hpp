#pragma once

// Holds the scenario's expectations against what was measured.

#include <string_view>
#include <vector>

#include "harness/base/event_loop.hpp"
#include "harness/record/run_result.hpp"
#include "sim/scenario/scenario.hpp"

namespace gauntlet::sim {

/// One record for each expectation, in the order of the file. What had no occasion to show itself,
/// such as the latency of messages that nobody received, is inconclusive and never a pass.
/// `publishing` is the time that publishing took, for throughput; `file` is the scenario's name in
/// places.
std::vector<record::expectation_record> judge_expectations(const scenario& described,
                                                           std::string_view file,
                                                           const record::measurements& measured,
                                                           duration publishing);

}  // namespace gauntlet::sim
