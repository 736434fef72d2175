#pragma once

// Reads the reactions of a device group and the request part of a publication.

#include <vector>

#include "harness/config/reader.hpp"
#include "sim/scenario/reaction.hpp"
#include "sim/scenario/request.hpp"

namespace gauntlet::sim {

/// One entry of `on_message`, without the rules that concern the group (reaction_checks.hpp).
config::reader<reaction> reaction_reader();

/// {response_topic: ..., timeout: 5s}
config::reader<request_settings> request_reader();

}  // namespace gauntlet::sim
