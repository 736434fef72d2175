#include "sim/plan/signals/battery_plan.hpp"

#include <algorithm>

#include "sim/plan/in_hours.hpp"

namespace gauntlet::sim {
namespace {

constexpr double full = 100;

}  // namespace

battery_plan::battery_plan(const battery_signal& what, std::span<const sensor> sensors,
                           duration every)
    : what_(what), every_(every) {
  if (what.active) active_.emplace(*what.active, sensors);
}

double battery_plan::level(const sample_moment& when, const sensor_view& device,
                           sensor_cursor* cursor) const {
  if (!has_past()) {
    const double drained = what_.drain_per_hour * in_hours(when.time) +
                           what_.drain_per_sample * static_cast<double>(when.step);
    return std::max(0.0, what_.start - drained);
  }
  sensor_cursor own;
  sensor_cursor& at = cursor != nullptr ? *cursor : own;
  if (!at.used || when.step < at.draws) {
    at = {.used = true, .level = what_.start};
  }
  sensor_view behind = device;
  behind.catching_up = true;
  while (at.draws < when.step) advance(at, behind);
  return at.level;
}

/// One sample further. `state` tells whether the battery is being charged.
void battery_plan::advance(sensor_cursor& at, const sensor_view& device) const {
  const duration now = every_ * static_cast<std::int64_t>(at.draws);
  const double passed = in_hours(every_);
  double drained = what_.drain_per_hour * passed + what_.drain_per_sample;
  if (active_ && active_->is_true(now, device)) drained += what_.active_per_hour * passed;
  if (at.state != 0) drained -= what_.charge_per_hour * passed;
  at.level = std::clamp(at.level - drained, 0.0, full);
  if (what_.charge_below && at.level < *what_.charge_below) at.state = 1;
  if (at.level >= full) at.state = 0;
  ++at.draws;
}

}  // namespace gauntlet::sim
