#pragma once

// The sensors of one group made ready, and the one evaluator of signals. Every value is a pure
// function of (key, device index, time, what the device was set to); a memory only makes signals
// with a past fast, and holds what was set.

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "harness/base/seeded_stream.hpp"
#include "sim/plan/sensor_value.hpp"
#include "sim/plan/signals/anomaly_plan.hpp"
#include "sim/plan/signals/signal_plan.hpp"
#include "sim/scenario/sensor.hpp"

namespace gauntlet::sim {

/// The sensors of a group's devices. Immutable; safe to share between threads.
class sensor_plan {
 public:
  /// No sensors.
  sensor_plan() = default;
  /// The sensors must have been checked (sensor_checks.hpp). `key` names the group.
  sensor_plan(std::span<const sensor> what, const stream_key& key);

  std::size_t size() const { return sensors_.size(); }
  /// A sensor, or a member of one, by name; nothing if there is none.
  std::optional<sensor_use> find(std::string_view name, std::string_view member = {}) const;
  /// The same of "temperature" or "position.lat".
  std::optional<sensor_use> find_path(std::string_view path) const;
  /// Time between two samples: between two multiples of it the value stays the same.
  duration every(std::uint32_t sensor) const { return sensors_[sensor].every; }
  /// Whether a memory makes some of these sensors faster.
  bool wants_memory() const { return cursor_count_ > 0; }

  /// The value of device `index` at a time; `memory` is that device's, or nullptr.
  sensor_value value(sensor_use what, std::uint32_t index, duration at,
                     sensor_memory* memory = nullptr) const;

  /// The same for whoever asks on behalf of a device.
  sensor_value value(sensor_use what, duration at, const sensor_view& device) const;

  /// Sets a sensor from `at` on. At earlier times it stays what it was, up to `overrides_max`
  /// changes of a device back. Times must not descend.
  static void set(sensor_memory& memory, std::uint32_t sensor, duration at, literal_value value);
  static constexpr std::size_t overrides_max = 32;

 private:
  struct entry {
    std::string name;
    std::vector<std::string> members;
    signal_plan signal;
    duration every{};
    stream_key key;
    std::vector<anomaly_plan> anomalies;
    std::uint32_t cursor = no_cursor;
  };
  static constexpr std::uint32_t no_cursor = UINT32_MAX;

  /// One question.
  struct asked {
    sensor_use what;
    stream_key key;
    duration time{};
    sensor_view device;
  };
  /// With the first `count` anomalies of the sensor.
  sensor_value with_anomalies(const asked& about, std::size_t count) const;
  /// Without any: what it was set to, or its signal.
  sensor_value signal_value(const asked& about) const;

  std::vector<entry> sensors_;
  std::uint32_t cursor_count_ = 0;
};

}  // namespace gauntlet::sim
