#pragma once

// What is worth noticing in an observation: combinations of session state, packet, answer, reason
// code and close, alone and in pairs, and what became of a connection after a packet that breaks a
// rule. Nothing that differs between two runs of the same input: no lengths, identifiers or counts.

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "fuzz/execution/observation.hpp"

namespace gauntlet::fuzz {

/// Features are places in a table of this size. Place 0 is never one.
inline constexpr std::size_t feature_places = 1U << 16U;

/// A set of features.
using feature_set = std::bitset<feature_places>;

/// The features of what was seen of an input, in no order, some perhaps twice.
void find_features(const input& played, const observation& seen, std::vector<std::uint16_t>& found);

}  // namespace gauntlet::fuzz
