#pragma once

// What publications carry: text, a JSON object whose members are generated, or random bytes.

#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "harness/base/event_loop.hpp"
#include "sim/scenario/text_template.hpp"

namespace gauntlet::sim {

/// A JSON value written out: text with placeholders, a number, true, false or null.
struct constant_value {
  bool is_text = false;
  text_template text;   ///< of a text
  std::string literal;  ///< of anything else, as JSON
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

/// One of a list of JSON values (already JSON text), each equally likely.
struct choice_value {
  std::vector<std::string> literals;
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

/// Size of the stamp that each message begins with (sim/plan/stamp.hpp), as bytes and as
/// hexadecimal digits.
inline constexpr std::size_t stamp_size_bytes = 36;
inline constexpr std::size_t stamp_size_digits = 2 * stamp_size_bytes;
/// Size of the stamp of small binary payloads (sim/plan/compact_stamp.hpp).
inline constexpr std::size_t compact_stamp_size_bytes = 16;

/// Text with placeholders, after a stamp of 72 hexadecimal digits and a space.
struct text_payload {
  text_template text;
};

/// An object: first the stamp as member "_g", then these.
struct json_payload {
  std::vector<std::pair<std::string, value_generator>> members;
};

/// Random bytes of exactly this size, beginning with the binary stamp.
struct random_payload {
  std::uint32_t size_bytes = 64;
};

using payload_description = std::variant<text_payload, json_payload, random_payload>;

}  // namespace gauntlet::sim
