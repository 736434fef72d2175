#pragma once

// The same input on the reference broker, without a socket: a connection that it must end because
// of what the client sent has to end on the target as well, and no other one beside it. What the
// target ends at other times is its own choice (limits, access, resources).

#include <optional>

#include "fuzz/execution/observation.hpp"
#include "fuzz/oracles/suspicion.hpp"

namespace gauntlet::fuzz {

/// The first packet that the reference broker answers by ending the connection, and that the target
/// went along with, or ended the connection of somebody else for. Only the first difference counts:
/// after it both live in different worlds.
std::optional<suspicion> tolerated_breach(const input& played, const observation& seen);

}  // namespace gauntlet::fuzz
