#pragma once

// Reads payload descriptions.

#include "harness/config/reader.hpp"
#include "sim/scenario/payload.hpp"

namespace gauntlet::sim {

/// {text: ...}, {json: {...}}, {random: 64B}, ..., or a text alone.
config::reader<payload_description> payload_reader();

/// payload, compact, user_property or none.
config::reader<stamp_place> stamp_place_reader();

}  // namespace gauntlet::sim
