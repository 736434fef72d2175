#pragma once

// Small steps away from an input that was worth keeping.

#include <cstddef>
#include <cstdint>
#include <functional>

#include "fuzz/input/input.hpp"
#include "harness/base/seeded_stream.hpp"

namespace gauntlet::fuzz {

/// Changes `size` bytes at `data` in place, where there is room for `size_max`; answers the new
/// size. libFuzzer's LLVMFuzzerMutate is one.
using byte_mutator =
    std::function<std::size_t(std::uint8_t* data, std::size_t size, std::size_t size_max)>;

/// One to three changes: a packet more or less, moved, doubled, on another connection, with another
/// field or property, split or joined otherwise, or with changed bytes, their length repaired as a
/// rule.
void mutate(input& changed, seeded_stream& draws, const byte_mutator& change_bytes);

}  // namespace gauntlet::fuzz
