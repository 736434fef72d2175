#pragma once

// Reads single values of payloads.

#include "harness/config/reader.hpp"
#include "sim/scenario/payload_value.hpp"

namespace gauntlet::sim {

/// A constant (a scalar), or a mapping with one generator.
config::reader<value_generator> value_reader();

/// Whether a mapping is meant as a generator: it has one key, which is the name of one.
bool is_generator(const config::node& from);

}  // namespace gauntlet::sim
