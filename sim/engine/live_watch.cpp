#include "sim/engine/live_watch.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "harness/base/units.hpp"

namespace gauntlet::sim {
namespace {

struct live_value {
  double value = 0;
  std::string text;
};

live_value value_of(figure what, const live_figures& seen) {
  const worker_progress& all = seen.all;
  switch (what) {
    case figure::lost: {
      const auto missing = static_cast<std::uint64_t>(std::max<std::int64_t>(all.missing, 0));
      return {static_cast<double>(missing), format_count(missing) + " missing"};
    }
    case figure::duplicated:
      return {static_cast<double>(all.duplicated), format_count(all.duplicated) + " duplicates"};
    case figure::latency:
      return {static_cast<double>(all.latency_p99_ns),
              format_duration(
                  std::chrono::round<std::chrono::microseconds>(duration(all.latency_p99_ns))) +
                  " in the last second"};
    case figure::connected:
      return {
          100.0 * static_cast<double>(all.connected) / static_cast<double>(seen.devices),
          fmt::format("{} of {} devices", format_count(all.connected), format_count(seen.devices))};
    case figure::broker_memory:
      return {static_cast<double>(seen.broker_memory), format_size(seen.broker_memory)};
    default:
      return {};  // the scenario was checked: nothing else is live
  }
}

}  // namespace

live_watch::live_watch(const scenario& described) {
  for (std::size_t i = 0; i < described.expect.size(); ++i) {
    const expectation& each = described.expect[i];
    if (each.abort_after) watched_.push_back({.what = each, .index = i});
  }
}

std::optional<early_end> live_watch::look(const live_figures& seen, time_point now) {
  for (watched& each : watched_) {
    const live_value live = value_of(each.what.what, seen);
    const bool met = is_lower_bound(each.what.what) ? live.value >= each.what.limit
                                                    : live.value <= each.what.limit;
    if (met) {
      each.not_met_since = time_point::max();
      continue;
    }
    each.not_met_since = std::min(each.not_met_since, now);
    if (now - each.not_met_since < *each.what.abort_after) continue;
    const std::string time = format_duration(*each.what.abort_after);
    return early_end{.expectation = each.index,
                     .observed = fmt::format("{}, for {}", live.text, time),
                     .sentence = fmt::format("Stopped early, for this was not met for {}: {} ({}).",
                                             time, describe(each.what), live.text)};
  }
  return std::nullopt;
}

}  // namespace gauntlet::sim
