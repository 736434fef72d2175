#include "sim/plan/signals/signal_plan.hpp"

#include <algorithm>
#include <cmath>
#include <type_traits>

#include "harness/base/assert.hpp"
#include "sim/plan/sensor_plan.hpp"

namespace gauntlet::sim {
namespace {

constexpr double full_turn = 2 * 3.141592653589793;

double seconds(duration time) { return std::chrono::duration<double>(time).count(); }

/// The part of a period that has passed, 0 to 1.
double part_of(duration time, duration period) { return seconds(time % period) / seconds(period); }

}  // namespace

/// Answers for each kind; one call of operator() each.
struct signal_plan::evaluation {
  const stream_key& key;
  const sample_moment& when;
  const sensor_view& device;
  std::uint8_t member;
  sensor_cursor* cursor;

  seeded_stream draws() const { return seeded_stream(key.with(when.step)); }
  double noise(double deviation) const { return deviation > 0 ? deviation * draws().normal() : 0; }

  sensor_value operator()(const constant_signal& what) const {
    return sensor_value::of(what.value);
  }
  sensor_value operator()(const uniform_signal& what) const {
    return sensor_value::of(draws().uniform_real(what.min, what.max), what.decimals);
  }
  sensor_value operator()(const integer_signal& what) const {
    return sensor_value::of(draws().between(what.min, what.max));
  }
  sensor_value operator()(const normal_signal& what) const {
    return sensor_value::of(what.mean + what.stddev * draws().normal(), what.decimals);
  }
  sensor_value operator()(const walk_plan& what) const {
    return sensor_value::of(what.value(key, when.step), what.decimals());
  }
  sensor_value operator()(const counter_signal& what) const {
    const auto steps = static_cast<std::int64_t>(when.step);
    if (!what.wrap) return sensor_value::of(what.start + what.step * steps);
    // In parts below the modulus, so that no product leaves 64 bits.
    const std::int64_t wrap = *what.wrap;
    const std::int64_t off = (what.step % wrap) * (steps % wrap) % wrap;
    return sensor_value::of(((what.start % wrap + off) % wrap + wrap) % wrap);
  }
  sensor_value operator()(const choice_signal& what) const {
    return sensor_value::of(what.values[draws().below(what.values.size())]);
  }
  sensor_value operator()(const bool_signal& what) const {
    return sensor_value::of(draws().chance(what.probability));
  }
  sensor_value operator()(const timestamp_signal& what) const {
    using format = timestamp_signal::format;
    const std::int64_t unix_ms =
        run_epoch_s * 1000 +
        std::chrono::duration_cast<std::chrono::milliseconds>(when.time).count();
    if (what.as == format::unix_s) return sensor_value::of(unix_ms / 1000);
    sensor_value made = sensor_value::of(unix_ms);
    if (what.as == format::iso8601) made.is = sensor_value::type::iso8601;
    return made;
  }
  sensor_value operator()(const sine_signal& what) const {
    const double turn = part_of(when.time, what.period) + what.phase;
    return sensor_value::of(
        what.mean + what.amplitude * std::sin(full_turn * turn) + noise(what.noise), what.decimals);
  }
  sensor_value operator()(const daily_signal& what) const {
    constexpr duration day = std::chrono::hours(24);
    const double turn = part_of(when.time, day) - seconds(what.peak) / seconds(day);
    const double middle = (what.min + what.max) / 2;
    const double swing = (what.max - what.min) / 2;
    return sensor_value::of(middle + swing * std::cos(full_turn * turn) + noise(what.noise),
                            what.decimals);
  }
  sensor_value operator()(const steps_signal& what) const {
    const duration time = what.repeat ? when.time % *what.repeat : when.time;
    const auto after = std::upper_bound(
        what.levels.begin(), what.levels.end(), time,
        [](duration at, const steps_signal::level& level) { return at < level.at; });
    return sensor_value::of((after == what.levels.begin() ? after : after - 1)->value);
  }
  sensor_value operator()(const ramp_signal& what) const {
    const duration time = (what.repeat ? when.time % *what.repeat : when.time) - what.begin;
    const double part = std::clamp(seconds(time) / seconds(what.over), 0.0, 1.0);
    return sensor_value::of(what.from + (what.to - what.from) * part, what.decimals);
  }
  sensor_value operator()(const state_plan& what) const { return what.value(key, when, cursor); }
  sensor_value operator()(const gps_plan& what) const { return what.value(key, when.time, member); }
  sensor_value operator()(const battery_plan& what) const {
    return sensor_value::of(what.level(when, device, cursor), what.decimals());
  }
  sensor_value operator()(const replay_plan& what) const { return what.value(key, when); }
  sensor_value operator()(const expression_plan& what) const {
    return what.value(when.time, device);
  }
  sensor_value operator()(const sensor_use& what) const {
    return device.sensors->value(what, when.time, device);
  }
};

signal_plan::plan signal_plan::prepared(const signal_description& what,
                                        std::span<const sensor> sensors, duration every) {
  return std::visit(
      [&](const auto& of) -> plan {
        using kind = std::decay_t<decltype(of)>;
        if constexpr (std::is_same_v<kind, walk_signal>) {
          return walk_plan(of);
        } else if constexpr (std::is_same_v<kind, machine_signal> ||
                             std::is_same_v<kind, switch_signal>) {
          return state_plan(of);
        } else if constexpr (std::is_same_v<kind, gps_signal>) {
          return gps_plan(of);
        } else if constexpr (std::is_same_v<kind, battery_signal>) {
          return battery_plan(of, sensors, every);
        } else if constexpr (std::is_same_v<kind, replay_signal>) {
          return replay_plan(of);
        } else if constexpr (std::is_same_v<kind, expression_signal>) {
          return expression_plan(of.formula, sensors, of.decimals);
        } else if constexpr (std::is_same_v<kind, reference_signal>) {
          const auto found = find_sensor(sensors, of.sensor, of.member);
          GAUNTLET_ASSERT(found.has_value());
          return *found;
        } else {
          return of;
        }
      },
      what);
}

signal_plan::signal_plan(const signal_description& what, std::span<const sensor> sensors,
                         duration every)
    : plan_(prepared(what, sensors, every)) {}

sensor_value signal_plan::value(const stream_key& key, const sample_moment& when,
                                const sensor_view& device, std::uint8_t member,
                                sensor_cursor* cursor) const {
  return std::visit(evaluation{key, when, device, member, cursor}, plan_);
}

bool signal_plan::has_past() const {
  const auto* battery = std::get_if<battery_plan>(&plan_);
  return std::holds_alternative<state_plan>(plan_) || (battery != nullptr && battery->has_past());
}

}  // namespace gauntlet::sim
