#include "harness/record/time_series.hpp"

#include <algorithm>
#include <utility>

#include "harness/base/assert.hpp"

namespace gauntlet::record {
namespace {

void add_counters(series_point& into, const series_point& other) {
  into.sent += other.sent;
  into.received += other.received;
  into.acknowledged += other.acknowledged;
  into.connection_failures += other.connection_failures;
  into.latency.merge(other.latency);
  into.schedule_lag.merge(other.schedule_lag);
  into.own_cpu += other.own_cpu;
  into.broker_cpu += other.broker_cpu;
  into.broker_rss_bytes = std::max(into.broker_rss_bytes, other.broker_rss_bytes);
}

void join_pairs(std::vector<series_point>& points) {
  for (std::size_t i = 0; 2 * i < points.size(); ++i) {
    if (i != 0) points[i] = std::move(points[2 * i]);
    if (2 * i + 1 == points.size()) continue;
    add_counters(points[i], points[2 * i + 1]);
    points[i].connected = points[2 * i + 1].connected;
  }
  points.resize((points.size() + 1) / 2);
}

}  // namespace

void time_series::extend(std::size_t size) {
  const auto connected = points.empty() ? 0 : points.back().connected;
  while (points.size() < size) points.emplace_back().connected = connected;
}

series_point& time_series::at(duration since_start) {
  GAUNTLET_ASSERT(since_start >= duration::zero());
  // Widening first keeps a far jump, as virtual time makes them, from filling memory with points.
  while (since_start / interval >= static_cast<std::int64_t>(points_max)) {
    join_pairs(points);
    interval *= 2;
  }
  const auto index = static_cast<std::size_t>(since_start / interval);
  extend(index + 1);
  return points[index];
}

void time_series::widen(duration interval_min, std::size_t limit) {
  while (interval < interval_min || points.size() > limit) {
    join_pairs(points);
    interval *= 2;
  }
}

void time_series::merge(const time_series& other) {
  auto theirs = other;
  widen(theirs.interval);
  theirs.widen(interval);
  extend(theirs.points.size());
  theirs.extend(points.size());
  for (std::size_t i = 0; i < points.size(); ++i) {
    add_counters(points[i], theirs.points[i]);
    points[i].connected += theirs.points[i].connected;
  }
}

}  // namespace gauntlet::record
