#pragma once

// Reads what schedules have beside their interval, and checks what belongs together.

#include <vector>

#include "harness/config/reader.hpp"
#include "sim/scenario/publication.hpp"
#include "sim/scenario/schedule.hpp"
#include "sim/scenario/sensor.hpp"

namespace gauntlet::sim {

config::reader<burst_settings> burst_reader();

/// Times of day with percentages, as in {0h: 20%, 8h30m: 100%}; the times ascend.
config::reader<std::vector<load_point>> load_curve_reader();

config::reader<change_trigger> change_reader();

/// Timing that contradicts itself.
void check_schedule(const publication& made, const config::node& from, config::diagnostics& wrong);

/// Whether the group has the sensor whose changes the publication at `from` tells.
void check_watched_sensor(const change_trigger& made, const std::vector<sensor>& sensors,
                          const config::node& from, config::diagnostics& wrong);

}  // namespace gauntlet::sim
