#pragma once

// A battery that drains with time, with each sample, and with what the device does.

#include <cstdint>
#include <optional>
#include <span>

#include "sim/plan/sensor_value.hpp"
#include "sim/plan/signals/expression_plan.hpp"
#include "sim/scenario/sensor.hpp"

namespace gauntlet::sim {

/// A battery_signal, ready.
class battery_plan {
 public:
  /// `every` is the time between two samples.
  battery_plan(const battery_signal& what, std::span<const sensor> sensors, duration every);

  /// Percent. With an activity or charging it is counted sample by sample from the cursor on.
  double level(const sample_moment& when, const sensor_view& device, sensor_cursor* cursor) const;
  std::uint8_t decimals() const { return what_.decimals; }
  bool has_past() const { return active_.has_value() || what_.charge_below.has_value(); }

 private:
  void advance(sensor_cursor& at, const sensor_view& device) const;

  battery_signal what_;
  std::optional<expression_plan> active_;
  duration every_;
};

}  // namespace gauntlet::sim
