#pragma once

// What each test of a plan will wait on purpose, learnt by running it on the reference broker under
// virtual time, which takes a moment.

#include <vector>

#include "conformance/runner/selection.hpp"

namespace gauntlet::conformance {

/// With `fast`, tests that wait longer are left out.
inline constexpr duration fast_wait_max = std::chrono::milliseconds(1100);

/// Sets `waits` of each test.
void rehearse(std::vector<planned_test>& plan);

/// Leaves out tests that wait longer than fast_wait_max; answers how many.
std::size_t leave_out_slow(std::vector<planned_test>& plan);

}  // namespace gauntlet::conformance
