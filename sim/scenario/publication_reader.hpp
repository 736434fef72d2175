#pragma once

// Reads one publication of a device group from the scenario file.

#include "harness/config/reader.hpp"
#include "sim/scenario/publication.hpp"

namespace gauntlet::sim {

/// A publication, without the rules that concern the group as a whole (group_checks.hpp).
config::reader<publication> publication_reader();

}  // namespace gauntlet::sim
