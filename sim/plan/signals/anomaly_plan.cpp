#include "sim/plan/signals/anomaly_plan.hpp"

#include <algorithm>
#include <cmath>

namespace gauntlet::sim {

anomaly_plan::anomaly_plan(const anomaly& what, duration every)
    : what_(what), lasts_(std::max(what.lasts.value_or(every), every)) {
  if (what_.per_second <= 0) return;
  // Time is cut into slots in which few episodes begin, and none is longer than a slot.
  slot_ = std::max(lasts_, duration(std::llround(1e9 / what_.per_second)));
  mean_in_slot_ = what_.per_second * std::chrono::duration<double>(slot_).count();
  none_in_slot_ = std::exp(-mean_in_slot_);
}

std::optional<duration> anomaly_plan::begin(const stream_key& key, duration at) const {
  std::optional<duration> found;
  if (what_.per_second > 0) {
    const std::int64_t slot = at / slot_;
    found = latest_in(key, slot, at);
    if (!found && slot > 0) found = latest_in(key, slot - 1, at);
  } else {
    const auto after = std::upper_bound(what_.at.begin(), what_.at.end(), at);
    if (after != what_.at.begin()) found = *(after - 1);
  }
  if (found && at - *found >= lasts_) found.reset();
  return found;
}

std::optional<duration> anomaly_plan::latest_in(const stream_key& key, std::int64_t slot,
                                                duration at) const {
  seeded_stream draws(key.with(static_cast<std::uint64_t>(slot)));
  // How many begin in the slot is Poisson distributed, by inversion; where is uniform.
  std::optional<duration> latest;
  double below = none_in_slot_;
  double term = none_in_slot_;
  const double draw = draws.uniform();
  for (int count = 1; draw >= below && count < 1'000; ++count) {
    term *= mean_in_slot_ / count;
    below += term;
    const duration begins = slot_ * slot + duration(draws.between(0, slot_.count() - 1));
    if (begins <= at && (!latest || begins > *latest)) latest = begins;
  }
  return latest;
}

}  // namespace gauntlet::sim
