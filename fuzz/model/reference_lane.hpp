#pragma once

// A lane to a reference broker of its own, in memory and under virtual time: waits cost nothing and
// equal seeds give equal runs.

#include <memory>

#include "fuzz/model/lane.hpp"
#include "harness/broker/options.hpp"

namespace gauntlet::fuzz::model {

/// Starts the broker; bad input if its options are not in order.
outcome<std::unique_ptr<lane>> open_reference_lane(const broker::options& how);

}  // namespace gauntlet::fuzz::model
