#pragma once

// An expression whose names are resolved against the sensors of a group, so that computing it looks
// nothing up and allocates nothing.

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "sim/plan/sensor_value.hpp"
#include "sim/scenario/sensor.hpp"

namespace gauntlet::sim {

class sensor_plan;

/// A sensor of a group, or a member of one, by number.
struct sensor_use {
  std::uint32_t sensor = 0;
  std::uint8_t member = 0;
  bool operator==(const sensor_use&) const = default;
};

/// A sensor by its name, and by that of a member if it has members; nothing if there is none.
std::optional<sensor_use> find_sensor(std::span<const sensor> sensors, std::string_view name,
                                      std::string_view member);

/// The device whose sensors are asked.
struct sensor_view {
  const sensor_plan* sensors = nullptr;
  std::uint32_t index = 0;          ///< of the device within its group
  sensor_memory* memory = nullptr;  ///< may be missing
  /// Whether somebody who is behind asks: a battery that catches up. He has cursors of his own, as
  /// those of the others would have to go back for him.
  bool catching_up = false;
};

/// An expression, ready.
class expression_plan {
 public:
  /// Each sensor that the expression names must be there. Numbers are answered with `decimals`.
  expression_plan(const expression& what, std::span<const sensor> sensors,
                  std::uint8_t decimals = 2);

  /// Its value at a time. Missing values and numbers that are none (1 / 0) give null; texts live as
  /// long as this plan.
  sensor_value value(duration at, const sensor_view& device) const;

  /// Whether it is true: not false, null, 0 or an empty text.
  bool is_true(duration at, const sensor_view& device) const;

 private:
  sensor_value at_node(std::uint32_t node, duration at, const sensor_view& device) const;

  expression what_;
  std::vector<sensor_use> uses_;
  std::uint8_t decimals_;
};

}  // namespace gauntlet::sim
