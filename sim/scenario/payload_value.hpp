#pragma once

// Values inside payloads: constants, and signals (sim/scenario/sensor.hpp).

#include <string>
#include <variant>

#include "sim/scenario/payload_text.hpp"
#include "sim/scenario/sensor.hpp"

namespace gauntlet::sim {

/// A value written out: text with placeholders, a number, true, false or null.
struct constant_value {
  bool is_text = false;
  payload_text text;    ///< of a text
  std::string literal;  ///< of anything else, as JSON
};

/// Where a value comes from.
using value_generator = std::variant<constant_value, signal_description>;

}  // namespace gauntlet::sim
