#pragma once

// Reads single values of payloads.

#include "harness/config/reader.hpp"
#include "sim/scenario/payload_value.hpp"

namespace gauntlet::sim {

/// A constant (a scalar), or a mapping with one signal.
config::reader<value_generator> value_reader();

/// Whether a mapping is meant as a signal: it has one key, which is the name of a kind.
bool is_generator(const config::node& from);

}  // namespace gauntlet::sim
