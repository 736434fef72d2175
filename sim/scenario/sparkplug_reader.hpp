#pragma once

// Reader of `sparkplug` of a group.

#include "harness/config/reader.hpp"
#include "sim/scenario/device_group.hpp"

namespace gauntlet::sim {

/// `sparkplug` of a group.
config::reader<sparkplug_settings> sparkplug_reader();
config::reader<sparkplug_host_settings> sparkplug_host_reader();

/// What `sparkplug` does not go with; `from` is the group.
void check_sparkplug(const device_group& made, const config::node& from,
                     config::diagnostics& wrong);

}  // namespace gauntlet::sim
