#pragma once

// Checks across the fields of a group and its publications: what each field alone cannot tell.

#include "harness/config/diagnostic.hpp"
#include "harness/config/node.hpp"
#include "sim/scenario/device_group.hpp"

namespace gauntlet::sim {

/// Topics, filters, client identifiers, and options that the group's protocol does not have.
void check_group(const device_group& made, const config::node& from, config::diagnostics& wrong);

}  // namespace gauntlet::sim
