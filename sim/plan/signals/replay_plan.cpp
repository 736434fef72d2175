#include "sim/plan/signals/replay_plan.hpp"

#include <algorithm>
#include <cmath>

#include "sim/plan/signals/draws.hpp"

namespace gauntlet::sim {
namespace {

double number_of(const literal_value& value) { return sensor_value::of(value).number(); }

}  // namespace

replay_plan::replay_plan(const replay_signal& what) : what_(what) {
  const double last = what_.times.empty() ? static_cast<double>(what_.rows->size() - 1) *
                                                static_cast<double>(what_.interval.count())
                                          : static_cast<double>(what_.times.back().count());
  length_ns_ = last + static_cast<double>(what_.interval.count());
}

double replay_plan::time_of(std::size_t row) const {
  if (!what_.times.empty()) return static_cast<double>(what_.times[row].count());
  return static_cast<double>(row) * static_cast<double>(what_.interval.count());
}

sensor_value replay_plan::value(const stream_key& key, const sample_moment& when) const {
  const auto& rows = *what_.rows;
  const double ahead = what_.spread > 0 ? what_.spread * uniform_draw(key.with("spread")) : 0;
  if (!what_.by_time) {
    const auto first = static_cast<std::uint64_t>(ahead * static_cast<double>(rows.size()));
    const std::uint64_t row = first + when.step;
    const std::uint64_t last = rows.size() - 1;
    return sensor_value::of(rows[what_.loop ? row % rows.size() : std::min(row, last)]);
  }
  double position = static_cast<double>(when.time.count()) + ahead * length_ns_;
  if (what_.loop) position = std::fmod(position, length_ns_);
  return between(position);
}

sensor_value replay_plan::between(double position_ns) const {
  const auto& rows = *what_.rows;
  std::size_t row = 0;  // the last one that is not later
  if (what_.times.empty()) {
    const double whole = position_ns / static_cast<double>(what_.interval.count());
    row = static_cast<std::size_t>(std::min(whole, static_cast<double>(rows.size() - 1)));
  } else {
    const auto after = std::upper_bound(
        what_.times.begin(), what_.times.end(), position_ns,
        [](double at, duration time) { return at < static_cast<double>(time.count()); });
    row = static_cast<std::size_t>(after - what_.times.begin()) - 1;
  }
  if (!what_.interpolate) return sensor_value::of(rows[row]);
  const bool is_last = row + 1 == rows.size();
  if (is_last && !what_.loop) return sensor_value::of(number_of(rows[row]), what_.decimals);
  const double begin = time_of(row);
  const double end = is_last ? length_ns_ : time_of(row + 1);
  const double from = number_of(rows[row]);
  const double to = number_of(rows[is_last ? 0 : row + 1]);
  const double part = std::clamp((position_ns - begin) / (end - begin), 0.0, 1.0);
  return sensor_value::of(from + (to - from) * part, what_.decimals);
}

}  // namespace gauntlet::sim
