#pragma once

// A lane to a broker that runs already, over sockets.

#include <memory>

#include "fuzz/model/lane.hpp"
#include "harness/target/target.hpp"

namespace gauntlet::fuzz::model {

/// The broker outlives the lane; its own loop need not run.
std::unique_ptr<lane> open_live_lane(const target::target_handle& broker);

}  // namespace gauntlet::fuzz::model
