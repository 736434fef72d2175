#pragma once

// Values inside payloads: constants and generators.

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "sim/scenario/payload_text.hpp"

namespace gauntlet::sim {

/// A value written out: text with placeholders, a number, true, false or null.
struct constant_value {
  bool is_text = false;
  payload_text text;    ///< of a text
  std::string literal;  ///< of anything else, as JSON; of a text within a choice: the text
};

/// A number uniform in [min, max), with `decimals` decimals.
struct uniform_value {
  double min = 0;
  double max = 1;
  std::uint8_t decimals = 2;
};

/// A whole number uniform in [min, max].
struct integer_value {
  std::int64_t min = 0;
  std::int64_t max = 100;
};

/// A normally distributed number.
struct normal_value {
  double mean = 0;
  double stddev = 1;
  std::uint8_t decimals = 2;
};

/// A Gaussian random walk that is reflected at its bounds. Message n+1 is off message n by a normal
/// step of standard deviation `step`.
struct walk_value {
  double start = 0;
  double step = 1;
  double min = -1e9;
  double max = 1e9;
  std::uint8_t decimals = 2;
};

/// start, start + step, start + 2 step, ...
struct counter_value {
  std::int64_t start = 0;
  std::int64_t step = 1;
};

/// One of a list of values, each equally likely.
struct choice_value {
  std::vector<constant_value> values;
};

/// true with a probability, else false.
struct bool_value {
  double probability = 0.5;
};

/// The time for which the message is scheduled, counted from `timestamp_epoch`, so that it is the
/// same in every run.
struct timestamp_value {
  enum class format : std::uint8_t { iso8601, unix_s, unix_ms };
  format as = format::iso8601;
};

/// 2026-01-01T00:00:00Z in seconds since 1970: when every run begins, for its payloads.
inline constexpr std::int64_t timestamp_epoch_s = 1'767'225'600;

using value_generator =
    std::variant<constant_value, uniform_value, integer_value, normal_value, walk_value,
                 counter_value, choice_value, bool_value, timestamp_value>;

}  // namespace gauntlet::sim
