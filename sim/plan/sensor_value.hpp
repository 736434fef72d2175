#pragma once

// What a signal answers, when it is asked, and what a device may remember about its sensors.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/event_loop.hpp"
#include "sim/scenario/expression.hpp"

namespace gauntlet::sim {

/// A value as it is written into a payload. Small and without memory of its own: texts live as long
/// as the plan, or until the memory is next written to.
struct sensor_value {
  enum class type : std::uint8_t {
    null,     ///< missing
    boolean,  ///< `truth`
    integer,  ///< `integer`
    real,     ///< `real`, to be written with `decimals` digits after the point
    text,     ///< `text`
    iso8601,  ///< milliseconds since 1970 in `integer`, to be written as a date and time
  };
  type is = type::null;
  bool truth = false;
  std::uint8_t decimals = 0;
  std::int64_t integer = 0;
  double real = 0;
  std::string_view text;

  static sensor_value of(bool truth) { return {.is = type::boolean, .truth = truth}; }
  static sensor_value of(std::int64_t integer) { return {.is = type::integer, .integer = integer}; }
  static sensor_value of(double real, std::uint8_t decimals) {
    return {.is = type::real, .decimals = decimals, .real = real};
  }
  static sensor_value of(std::string_view text) { return {.is = type::text, .text = text}; }
  /// Texts are those of `literal`.
  static sensor_value of(const literal_value& literal);

  bool is_number() const { return is == type::integer || is == type::real; }
  /// A number as it is written, with its decimals; true and false as 1 and 0; else 0.
  double number() const;
  bool operator==(const sensor_value& other) const = default;
};

/// When a signal is asked.
struct sample_moment {
  std::uint64_t step = 0;  ///< number of the sample; of the message, if there is no sensor
  duration time{};         ///< on the plan's time line
};

/// Where a signal with a past has been, so that it need not begin again from the start. Only for
/// speed; a fresh one is always right. What the fields mean is up to the signal.
struct sensor_cursor {
  std::int64_t since = 0;
  std::int64_t until = 0;
  std::uint64_t draws = 0;
  std::uint32_t state = 0;
  bool used = false;
  double level = 0;
};

/// That a sensor was set: from `at` on it has this value, until it is set again.
struct sensor_override {
  std::uint32_t sensor = 0;
  duration at{};
  literal_value value;
};

/// What one device remembers of its sensors. Empty at first, and no device needs one whose group
/// has neither signals with a past nor anything that sets sensors.
struct sensor_memory {
  std::vector<sensor_cursor> cursors;      ///< empty until one is needed
  std::vector<sensor_override> overrides;  ///< by time; see sensor_plan::set
};

}  // namespace gauntlet::sim
