#pragma once

// What one sensor or signal alone cannot tell: whether the names in it stand for sensors of the
// group, and whether sensors depend on themselves.

#include <span>
#include <string>

#include "harness/config/diagnostic.hpp"
#include "sim/scenario/sensor.hpp"

namespace gauntlet::sim {

/// What is wrong with the names in a signal, or an empty text.
std::string names_error(const signal_description& signal, std::span<const sensor> sensors);

/// The same of the names in an expression.
std::string names_error(const expression& formula, std::span<const sensor> sensors);

/// Checks all sensors of a group; `from` is the mapping under `sensors`.
void check_sensors(std::span<const sensor> sensors, const config::node& from,
                   config::diagnostics& wrong);

}  // namespace gauntlet::sim
