#include "sim/plan/sensor_plan.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "sim/plan/in_hours.hpp"

namespace gauntlet::sim {
namespace {

constexpr duration default_every = std::chrono::seconds(1);

/// The sampling interval of a sensor: its own, or that of the fastest one in its expression.
duration interval_of(std::span<const sensor> all, const sensor& what) {
  if (what.every) return *what.every;
  const auto* computed = std::get_if<expression_signal>(&what.signal);
  if (computed == nullptr || computed->formula.sensors().empty()) return default_every;
  duration fastest = duration::max();
  for (const expression::use& each : computed->formula.sensors()) {
    if (const auto found = find_sensor(all, each.sensor, each.member)) {
      fastest = std::min(fastest, interval_of(all, all[found->sensor]));
    }
  }
  return fastest;
}

/// Keys of anomalies, which no sample has as its number.
constexpr std::uint64_t anomaly_key = std::uint64_t{1} << 63U;

sensor_value shifted(sensor_value value, double by) {
  if (value.is == sensor_value::type::real) value.real += by;
  if (value.is == sensor_value::type::integer) value.integer += std::llround(by);
  return value;
}

sensor_value replaced(sensor_value value, double to) {
  if (value.is == sensor_value::type::real) value.real = to;
  if (value.is == sensor_value::type::integer) value.integer = std::llround(to);
  return value;
}

}  // namespace

sensor_plan::sensor_plan(std::span<const sensor> what, const stream_key& key) {
  sensors_.reserve(what.size());
  for (const sensor& each : what) {
    const duration every = interval_of(what, each);
    entry made{.name = each.name,
               .members = members_of(each.signal),
               .signal = signal_plan(each.signal, what, every),
               .every = every,
               .key = key.with(each.name),
               .anomalies = {}};
    for (const anomaly& fault : each.anomalies) made.anomalies.emplace_back(fault, every);
    if (made.signal.has_past()) made.cursor = cursor_count_++;
    sensors_.push_back(std::move(made));
  }
}

std::optional<sensor_use> sensor_plan::find(std::string_view name, std::string_view member) const {
  for (std::size_t i = 0; i < sensors_.size(); ++i) {
    if (sensors_[i].name != name) continue;
    const auto& members = sensors_[i].members;
    const auto number = static_cast<std::uint32_t>(i);
    if (members.empty() && member.empty()) return sensor_use{number, 0};
    const auto found = std::find(members.begin(), members.end(), member);
    if (found == members.end()) return std::nullopt;
    return sensor_use{number, static_cast<std::uint8_t>(found - members.begin())};
  }
  return std::nullopt;
}

std::optional<sensor_use> sensor_plan::find_path(std::string_view path) const {
  const std::size_t point = path.find('.');
  if (point == std::string_view::npos) return find(path);
  return find(path.substr(0, point), path.substr(point + 1));
}

sensor_value sensor_plan::value(sensor_use what, std::uint32_t index, duration at,
                                sensor_memory* memory) const {
  return value(what, at, {.sensors = this, .index = index, .memory = memory});
}

sensor_value sensor_plan::value(sensor_use what, duration at, const sensor_view& device) const {
  const entry& sensor = sensors_[what.sensor];
  const asked about{.what = what,
                    .key = sensor.key.with(device.index),
                    .time = std::max(at, duration::zero()),
                    .device = device};
  return with_anomalies(about, sensor.anomalies.size());
}

sensor_value sensor_plan::with_anomalies(const asked& about, std::size_t count) const {
  if (count == 0) return signal_value(about);
  const entry& sensor = sensors_[about.what.sensor];
  const anomaly_plan& fault = sensor.anomalies[count - 1];
  const duration sample = about.time - about.time % sensor.every;
  const auto begin = fault.begin(about.key.with(anomaly_key + count), sample);
  if (!begin) return with_anomalies(about, count - 1);
  switch (fault.what().is) {
    case anomaly::kind::drop_out:
      return {};
    case anomaly::kind::stuck: {
      asked before = about;
      before.time = std::max(*begin - duration(1), duration::zero());
      return with_anomalies(before, count - 1);
    }
    case anomaly::kind::drift:
      return shifted(with_anomalies(about, count - 1), fault.what().by * in_hours(sample - *begin));
    case anomaly::kind::spike:
      break;
  }
  const sensor_value value = with_anomalies(about, count - 1);
  return fault.what().to ? replaced(value, *fault.what().to) : shifted(value, fault.what().by);
}

sensor_value sensor_plan::signal_value(const asked& about) const {
  const entry& sensor = sensors_[about.what.sensor];
  sensor_cursor* cursor = nullptr;
  if (sensor_memory* memory = about.device.memory) {
    const auto& set = memory->overrides;
    for (std::size_t i = set.size(); i-- > 0;) {
      if (set[i].sensor == about.what.sensor && set[i].at <= about.time) {
        return sensor_value::of(set[i].value);
      }
    }
    if (sensor.cursor != no_cursor) {
      if (memory->cursors.empty()) memory->cursors.resize(2 * cursor_count_);
      const std::size_t first = about.device.catching_up ? cursor_count_ : 0;
      cursor = &memory->cursors[first + sensor.cursor];
    }
  }
  const std::int64_t step = about.time / sensor.every;
  const sample_moment when{.step = static_cast<std::uint64_t>(step), .time = sensor.every * step};
  return sensor.signal.value(about.key, when, about.device, about.what.member, cursor);
}

void sensor_plan::set(sensor_memory& memory, std::uint32_t sensor, duration at,
                      literal_value value) {
  auto& all = memory.overrides;
  if (all.size() >= overrides_max) {
    // The oldest change that a later one of the same sensor has replaced; the first of a sensor may
    // go only then.
    const auto replaced_by_later = [&all](const sensor_override& each) {
      return std::any_of(all.begin() + (&each - all.data()) + 1, all.end(),
                         [&each](const auto& later) { return later.sensor == each.sensor; });
    };
    const auto oldest = std::find_if(all.begin(), all.end(), replaced_by_later);
    if (oldest != all.end()) all.erase(oldest);
  }
  all.push_back({.sensor = sensor, .at = at, .value = std::move(value)});
}

}  // namespace gauntlet::sim
