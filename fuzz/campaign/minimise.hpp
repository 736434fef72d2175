#pragma once

// Makes what breaks a broker small: fewest inputs, then connections, then packets, then bytes.

#include <functional>
#include <vector>

#include "fuzz/input/input.hpp"

namespace gauntlet::fuzz {

/// Whether the inputs, one after the other on a fresh broker, still do it.
using breaks = std::function<bool(const std::vector<input>&)>;

/// Leaves out whatever may be left out, asking `still_breaks` at most `tries_max` times.
std::vector<input> minimise(std::vector<input> found, const breaks& still_breaks, int tries_max);

}  // namespace gauntlet::fuzz
