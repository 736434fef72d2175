#pragma once

// One input out of two.

#include "fuzz/input/input.hpp"
#include "harness/base/seeded_stream.hpp"

namespace gauntlet::fuzz {

/// Either the beginning of one and the end of the other, or both at the same time on connections of
/// their own, which makes schedules that neither had.
input cross(const input& one, const input& other, seeded_stream& draws);

}  // namespace gauntlet::fuzz
