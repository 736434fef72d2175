#pragma once

// The shortest sequence that still fails in the same way: fewer operations by delta debugging, then
// fewer clients, then plainer fields, and again from the start until nothing helps any more.

#include <cstddef>
#include <functional>
#include <vector>

#include "fuzz/model/operation.hpp"

namespace gauntlet::fuzz::model {

/// Runs a smaller sequence on fresh names; answers whether it fails as the whole one did.
using sequence_trial = std::function<bool(const sequence_plan& smaller)>;

struct shrink_outcome {
  sequence_plan shortest;
  std::size_t runs = 0;
  bool complete = false;  ///< no single step makes it smaller any more; else the runs were used up
};

/// Begins with a sequence that fails.
shrink_outcome shrink(sequence_plan failing, const sequence_trial& fails, std::size_t runs_max);

/// Every sequence that is plainer than this one by one field: no will, QoS lower, no option set.
/// For each, repeating the step ends.
std::vector<sequence_plan> plainer(const sequence_plan& than);

}  // namespace gauntlet::fuzz::model
