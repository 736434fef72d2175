#pragma once

// Assertions against mistakes of our own. They are on in every build: a wrong verdict costs a user
// more than a stopped run. Never for bad input, bad peers or a full disk; those are errors, and
// values.

#include <cstdint>

namespace gauntlet {

/// The seed of the run in this process, printed by a failing assertion so that the run can be
/// repeated. The only process-wide state there is: an assertion can fire where nothing of the run
/// is in reach.
void set_assertion_seed(std::uint64_t seed) noexcept;

/// Prints the broken condition, its place and the seed to stderr and ends the process by abort().
[[noreturn]] void assertion_failed(const char* condition, const char* file, int line) noexcept;

}  // namespace gauntlet

/// Ends the process if `condition`, an invariant of our own code, does not hold.
#define GAUNTLET_ASSERT(condition)                     \
  (static_cast<bool>(condition) ? static_cast<void>(0) \
                                : ::gauntlet::assertion_failed(#condition, __FILE__, __LINE__))
