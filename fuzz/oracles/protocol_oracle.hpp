#pragma once

// All that the standard has to say about what was seen of an input.

#include <vector>

#include "fuzz/execution/observation.hpp"
#include "fuzz/input/input.hpp"
#include "fuzz/oracles/suspicion.hpp"

namespace gauntlet::fuzz {

/// Answers that no server may give, and the first breach of ours that the target tolerates although
/// the reference broker has to end the connection. Each signature once.
std::vector<suspicion> breaches_of_protocol(const input& played, const observation& seen);

}  // namespace gauntlet::fuzz
