#include "sim/plan/schedule_plan.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "harness/base/assert.hpp"

namespace gauntlet::sim {
namespace {

duration from_ns(double ns) { return duration(std::llround(ns)); }

double to_ns(duration value) { return static_cast<double>(value.count()); }

duration rounded_up(duration value, duration step) {
  const duration::rep steps = (value.count() + step.count() - 1) / step.count();
  return duration(steps * step.count());
}

}  // namespace

schedule_plan::schedule_plan(const publication& what, const std::vector<load_piece>& load,
                             std::shared_ptr<const time_warp> stages, duration time_of_day)
    : every_(what.every),
      late_max_(from_ns(to_ns(what.every) * what.jitter)),
      time_of_day_(time_of_day),
      end_(stages->length()),
      first_(what.first),
      count_max_(what.count.value_or(UINT32_MAX)),
      burst_(what.burst ? what.burst->count : 1),
      spacing_(what.burst ? what.burst->spacing : duration::zero()),
      poisson_(what.poisson),
      aligned_(what.aligned),
      on_change_(what.on_change),
      warp_(what.load_curve.empty() ? std::move(stages)
                                    : std::make_shared<const time_warp>(
                                          combine_loads(load, what.load_curve, time_of_day))) {}

std::optional<due_message> schedule_plan::first(const stream& who) const {
  return at(who, 0, who.start);
}

std::optional<due_message> schedule_plan::next(const stream& who, const due_message& last) const {
  if (last.sequence == UINT32_MAX) return std::nullopt;
  return at(who, last.sequence + 1, last.due);
}

std::optional<due_message> schedule_plan::at(const stream& who, std::uint32_t sequence,
                                             duration earlier) const {
  if (sequence >= count_max_) return std::nullopt;
  if (on_change_) return changed(who, sequence, earlier, end_);
  const duration due = poisson_ ? random(who, sequence, earlier) : regular(who, sequence);
  if (due >= end_) return std::nullopt;
  return due_message{.due = due, .sequence = sequence};
}

// --- in nominal time

duration schedule_plan::bent(double nominal) const {
  return nominal < warp_->nominal_length() ? warp_->real(nominal) : end_;
}

// Each burst is late as a whole.
duration schedule_plan::jitter_of(const stream& who, std::uint32_t burst) const {
  if (late_max_ <= duration::zero()) return duration::zero();
  seeded_stream draws(who.key.with(burst));
  return duration(draws.between(0, late_max_.count() - 1));
}

duration schedule_plan::first_nominal(const stream& who) const {
  const auto nominal_of = [&](duration real) {
    return warp_->is_identity() ? real : duration(static_cast<duration::rep>(warp_->nominal(real)));
  };
  if (first_) return nominal_of(who.start + *first_);
  seeded_stream draws(who.key.with("phase"));
  return nominal_of(who.start) + duration(draws.between(0, every_.count() - 1));
}

// Counted from the first one, so that neither jitter nor rounding adds up.
duration schedule_plan::regular(const stream& who, std::uint32_t sequence) const {
  if (sequence == 0 && first_) {
    // A single message is at no rate, so that no load moves it.
    const duration due = who.start + *first_;
    return every_ == duration::zero() ? due : warp_->resumed(due);
  }
  if (aligned_) return aligned(who, sequence);
  const std::uint32_t burst = sequence / burst_;
  const bool punctual = burst == 0 && first_;
  const duration nominal = first_nominal(who) + every_ * std::int64_t{burst} +
                           spacing_ * std::int64_t{sequence % burst_} +
                           (punctual ? duration::zero() : jitter_of(who, burst));
  return warp_->is_identity() ? nominal : bent(to_ns(nominal));
}

// On the clock: real time, the same for all devices.
duration schedule_plan::aligned(const stream& who, std::uint32_t sequence) const {
  const std::uint32_t burst = sequence / burst_;
  const duration origin = rounded_up(time_of_day_ + who.start, every_) - time_of_day_;
  return origin + every_ * std::int64_t{burst} + spacing_ * std::int64_t{sequence % burst_} +
         jitter_of(who, burst);
}

// The intervals of a Poisson process of rate 1 in nominal time are those of one whose rate is the
// load in real time. The rest between two bursts is exponential, so that they never overlap.
duration schedule_plan::random(const stream& who, std::uint32_t sequence, duration earlier) const {
  if (sequence == 0 && first_) return warp_->resumed(who.start + *first_);
  duration gap = spacing_;
  if (sequence % burst_ == 0) {
    seeded_stream draws(who.key.with(sequence));
    gap = from_ns(draws.exponential() * to_ns(every_ - spacing_ * (burst_ - 1)));
  }
  if (warp_->is_identity()) return earlier + gap;
  return std::max(earlier, bent(warp_->nominal(earlier) + to_ns(gap)));
}

// --- changes of a sensor

namespace {

bool has_changed(const sensor_value& before, const sensor_value& now, double threshold) {
  if (!before.is_number() || !now.is_number()) return !(before == now);
  const double by = std::abs(now.number() - before.number());
  return by > 0 && by >= threshold;
}

}  // namespace

// A device looks at its sensor at moments of its own, and compares with what it said last.
std::optional<due_message> schedule_plan::changed(const stream& who, std::uint32_t sequence,
                                                  duration earlier, duration until) const {
  const duration step = on_change_->check_every;
  if (sequence == 0) {
    seeded_stream draws(who.key.with("phase"));
    const duration due = who.start + duration(draws.between(0, step.count() - 1));
    return due < until ? std::optional(due_message{.due = due}) : std::nullopt;
  }
  GAUNTLET_ASSERT(who.sensors != nullptr);
  const auto watched = who.sensors->find_path(on_change_->sensor);
  GAUNTLET_ASSERT(watched.has_value());
  sensor_memory memory;
  sensor_memory* quick = who.sensors->wants_memory() ? &memory : nullptr;
  // Texts may lie in the memory, which is written to at the next question.
  const sensor_value said = who.sensors->value(*watched, who.index, earlier, quick);
  const std::string said_text(said.text);
  sensor_value before = said;
  before.text = said_text;
  for (duration now = earlier + step; now < until; now += step) {
    if (now - earlier < on_change_->at_most_every) continue;
    const bool quiet_too_long = on_change_->heartbeat && now - earlier >= *on_change_->heartbeat;
    if (quiet_too_long || has_changed(before, who.sensors->value(*watched, who.index, now, quick),
                                      on_change_->threshold)) {
      return due_message{.due = now, .sequence = sequence};
    }
  }
  return std::nullopt;
}

// --- counting

std::uint64_t schedule_plan::number_limit(const stream& who) const {
  if (every_ == duration::zero()) return 1;
  const double room =
      aligned_ ? to_ns(end_) : warp_->nominal_length() - to_ns(std::min(first_nominal(who), end_));
  const double bursts = std::max(0.0, room) / to_ns(every_) + 2;
  const double messages = bursts * static_cast<double>(burst_);
  return static_cast<std::uint64_t>(std::min(messages, static_cast<double>(count_max_)));
}

// Due times ascend with their numbers, so that the place is found by halving.
std::uint32_t schedule_plan::regular_before(const stream& who, duration end) const {
  std::uint64_t low = 0;
  std::uint64_t high = number_limit(who);
  while (low < high) {
    const std::uint64_t middle = low + (high - low) / 2;
    if (regular(who, static_cast<std::uint32_t>(middle)) < end) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return static_cast<std::uint32_t>(low);
}

std::uint32_t schedule_plan::first_from(const stream& who, duration from) const {
  if (is_regular()) {
    const std::uint32_t number = regular_before(who, std::min(from, end_));
    return at(who, number, {}) ? number : UINT32_MAX;
  }
  auto message = first(who);
  while (message && message->due < from) message = next(who, *message);
  return message ? message->sequence : UINT32_MAX;
}

double schedule_plan::count_before(const stream& who, duration end) const {
  const duration until = std::min(end, end_);
  if (on_change_) return changes_before(who, until);
  if (!poisson_) return regular_before(who, until);
  const duration start = first_ ? warp_->resumed(who.start + *first_) : who.start;
  if (start >= until) return 0;
  const double passed = warp_->nominal(until) - warp_->nominal(start);
  const double bursts = passed / to_ns(every_) + (first_ ? 1 : 0);
  return std::min(bursts * burst_, static_cast<double>(count_max_));
}

double schedule_plan::changes_before(const stream& who, duration end) const {
  constexpr int looks_max = 10'000;
  const duration stretch =
      std::min(end, who.start + std::max(duration(1), on_change_->check_every) * looks_max);
  double count = 0;
  auto message = changed(who, 0, who.start, stretch);
  while (message) {
    ++count;
    message = changed(who, message->sequence + 1, message->due, stretch);
  }
  if (stretch < end && stretch > who.start) {
    count *= to_ns(end - who.start) / to_ns(stretch - who.start);
  }
  return std::min(count, static_cast<double>(count_max_));
}

}  // namespace gauntlet::sim
