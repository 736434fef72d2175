#include "sim/plan/signals/state_plan.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "harness/base/assert.hpp"
#include "sim/plan/signals/draws.hpp"

namespace gauntlet::sim {
namespace {

constexpr std::int64_t for_ever = std::numeric_limits<std::int64_t>::max();

std::int64_t dwell_ns(const dwell_time& dwell, seeded_stream& draws) {
  if (dwell.max > duration::zero()) return draws.between(dwell.min.count(), dwell.max.count());
  const double drawn = draws.exponential() * static_cast<double>(dwell.mean.count());
  return std::max<std::int64_t>(1, std::llround(drawn));
}

}  // namespace

state_plan::state_plan(const machine_signal& what) {
  const auto number_of = [&what](const std::string& name) {
    for (std::size_t i = 0; i < what.states.size(); ++i) {
      if (what.states[i].name == name) return static_cast<std::uint32_t>(i);
    }
    GAUNTLET_ASSERT(false);
  };
  for (const machine_signal::state& each : what.states) {
    state_row row{.name = each.name, .dwell = each.dwell.value_or(dwell_time{}), .next = {}};
    double sum = 0;
    for (const machine_signal::transition& change : each.next) {
      row.next.push_back({number_of(change.to), sum += change.probability});
    }
    // What does not add up to 1 by a rounding error must not fall between the ways.
    if (each.dwell && !row.next.empty()) row.next.back().until = 2;
    states_.push_back(std::move(row));
    by_step_ = by_step_ || (!each.dwell && !each.next.empty());
  }
  start_ = what.start.empty() ? 0 : number_of(what.start);
}

state_plan::state_plan(const switch_signal& what) : start_(what.start ? 1 : 0), is_switch_(true) {
  states_.push_back({.name = "off", .dwell = what.off, .next = {{1, 2}}});
  states_.push_back({.name = "on", .dwell = what.on, .next = {{0, 2}}});
}

void state_plan::enter(const stream_key& key, sensor_cursor& at, std::uint32_t state) const {
  at.state = state;
  at.since = at.until;
  if (states_[state].next.empty()) {
    at.until = for_ever;
    return;
  }
  seeded_stream draws(key.with(2 * at.draws));
  const std::int64_t lasts = dwell_ns(states_[state].dwell, draws);
  at.until = at.since > for_ever - lasts ? for_ever : at.since + lasts;
}

void state_plan::advance_by_time(const stream_key& key, sensor_cursor& at,
                                 std::int64_t time_ns) const {
  while (at.until <= time_ns) {
    const double draw = uniform_draw(key.with(2 * at.draws + 1));
    ++at.draws;
    const auto& next = states_[at.state].next;
    const auto taken = std::find_if(next.begin(), next.end(),
                                    [draw](const way& each) { return draw < each.until; });
    enter(key, at, taken->to);
  }
}

void state_plan::advance_by_step(const stream_key& key, sensor_cursor& at,
                                 std::uint64_t step) const {
  while (at.draws < step && !states_[at.state].next.empty()) {
    const double draw = uniform_draw(key.with(at.draws++));
    for (const way& each : states_[at.state].next) {
      if (draw >= each.until) continue;
      at.state = each.to;
      break;
    }
  }
}

std::uint32_t state_plan::state(const stream_key& key, const sample_moment& when,
                                sensor_cursor* cursor) const {
  sensor_cursor own;
  sensor_cursor& at = cursor != nullptr ? *cursor : own;
  const bool behind = by_step_ ? when.step < at.draws : when.time.count() < at.since;
  if (!at.used || behind) {
    at = {.used = true};
    at.state = start_;
    if (!by_step_) enter(key, at, start_);
  }
  if (by_step_) {
    advance_by_step(key, at, when.step);
  } else {
    advance_by_time(key, at, when.time.count());
  }
  return at.state;
}

sensor_value state_plan::value(const stream_key& key, const sample_moment& when,
                               sensor_cursor* cursor) const {
  const std::uint32_t now = state(key, when, cursor);
  return is_switch_ ? sensor_value::of(now == 1)
                    : sensor_value::of(std::string_view(states_[now].name));
}

}  // namespace gauntlet::sim
