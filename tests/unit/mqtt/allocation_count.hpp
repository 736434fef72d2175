#pragma once

// Counts calls of the global operator new in this test program, for tests that promise there is
// none. Linking allocation_count.cpp replaces the operator.

#include <cstddef>

namespace gauntlet {

/// Whether the operator was really replaced: ThreadSanitizer's own comes first.
bool counts_allocations();
/// Calls of operator new since the program started.
std::size_t allocation_count() noexcept;
/// How much of it has not been given back by operator delete.
std::size_t live_allocation_count() noexcept;

}  // namespace gauntlet
