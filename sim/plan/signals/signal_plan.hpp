#pragma once

// One signal made ready to be asked: the only place that knows how the values of all kinds of
// signals are computed.

#include <cstdint>
#include <span>
#include <variant>

#include "harness/base/seeded_stream.hpp"
#include "sim/plan/sensor_value.hpp"
#include "sim/plan/signals/battery_plan.hpp"
#include "sim/plan/signals/expression_plan.hpp"
#include "sim/plan/signals/gps_plan.hpp"
#include "sim/plan/signals/replay_plan.hpp"
#include "sim/plan/signals/state_plan.hpp"
#include "sim/plan/signals/walk_plan.hpp"
#include "sim/scenario/sensor.hpp"

namespace gauntlet::sim {

class sensor_plan;

/// A signal, ready. Immutable; what it is asked with comes from the caller.
class signal_plan {
 public:
  /// `sensors` are those of the group, in the order of its sensor_plan: what names stand for.
  /// `every` is the sampling interval of a sensor; zero within a payload.
  signal_plan(const signal_description& what, std::span<const sensor> sensors,
              duration every = duration::zero());

  /// The value of one sample or message. `key` is that of this signal of this device (within a
  /// payload: of the stream and the member). `member` counts those of members_of().
  sensor_value value(const stream_key& key, const sample_moment& when, const sensor_view& device,
                     std::uint8_t member = 0, sensor_cursor* cursor = nullptr) const;

  /// Whether a cursor makes it faster.
  bool has_past() const;

 private:
  using plan = std::variant<constant_signal, uniform_signal, integer_signal, normal_signal,
                            walk_plan, counter_signal, choice_signal, bool_signal, timestamp_signal,
                            sine_signal, daily_signal, steps_signal, ramp_signal, state_plan,
                            gps_plan, battery_plan, replay_plan, expression_plan, sensor_use>;

  struct evaluation;
  static plan prepared(const signal_description& what, std::span<const sensor> sensors,
                       duration every);

  plan plan_;
};

}  // namespace gauntlet::sim
