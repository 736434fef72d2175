#pragma once

// Readers of signals: one table of kinds, of which a payload and a sensor take their parts.

#include <string>
#include <vector>

#include "harness/config/object.hpp"
#include "harness/config/reader.hpp"
#include "sim/scenario/sensor.hpp"

namespace gauntlet::sim {

/// A number as JSON writes it: no leading plus or zeros, digits on both sides of the point.
bool is_json_number(std::string_view text);

/// null, true, false, numbers as JSON writes them; everything else is text.
config::reader<literal_value> literal_reader();

/// A signal where a value is needed: a mapping with exactly one kind.
config::reader<signal_description> inline_signal_reader();

/// The kinds that may stand there, to tell a signal from a mapping of the user's own.
const std::vector<std::string>& inline_signal_kinds();

/// A signal within another mapping: adds one key for each kind that sensors have, of which exactly
/// one must stand.
void add_sensor_kinds(config::object<sensor>& table);

}  // namespace gauntlet::sim
