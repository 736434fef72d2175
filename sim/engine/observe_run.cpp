// Figures of the run as a whole: wills, retained messages, recovery, the broker's process.

#include <algorithm>
#include <limits>

#include <fmt/format.h>

#include "harness/base/units.hpp"
#include "sim/engine/observation.hpp"

namespace gauntlet::sim {
namespace {

std::optional<observation> observe_wills(figure what, const record::will_account& wills) {
  if (what == figure::wills_unexpected) {
    if (wills.expected + wills.unexpected == 0) return std::nullopt;
    return observation{.value = static_cast<double>(wills.unexpected),
                       .text = format_count(wills.unexpected)};
  }
  if (wills.expected == 0) return std::nullopt;
  return observation{.value = static_cast<double>(wills.missing),
                     .text = part_of(wills.missing, wills.expected)};
}

std::optional<observation> observe_retained(figure what, const record::retained_account& retained) {
  if (retained.expected == 0) return std::nullopt;
  const std::uint64_t count = what == figure::retained_missing ? retained.missing : retained.stale;
  return observation{.value = static_cast<double>(count),
                     .text = part_of(count, retained.expected)};
}

std::optional<observation> observe_sparkplug(const record::sparkplug_account& seen) {
  if (seen.messages == 0) return std::nullopt;
  const std::uint64_t count = seen.faults.total();
  observation made{
      .value = static_cast<double>(count),
      .text = fmt::format("{} in {} messages", format_count(count), format_count(seen.messages))};
  if (count > 0) made.text += ", such as: " + seen.faults.counts().begin()->first;
  return made;
}

// The slowest disturbance counts; one that was not recovered from is slower than any bound.
std::optional<observation> observe_recovery(
    double percentile, const std::vector<record::recovery_account>& recoveries) {
  std::optional<observation> slowest;
  for (const record::recovery_account& each : recoveries) {
    if (each.concerned == 0) continue;
    const auto took = each.recovered_after(percentile);
    observation seen;
    if (took) {
      seen.value = static_cast<double>(took->count());
      seen.text = format_duration(std::chrono::round<std::chrono::milliseconds>(*took));
    } else {
      seen.value = std::numeric_limits<double>::infinity();
      seen.text = part_of(each.back_after.count(), each.concerned) + " came back";
    }
    if (recoveries.size() > 1) seen.text += ", " + each.name;
    if (!slowest || seen.value > slowest->value) slowest = std::move(seen);
  }
  return slowest;
}

std::optional<observation> observe_memory(const record::time_series& series) {
  std::uint64_t most = 0;
  for (const record::series_point& point : series.points) {
    most = std::max(most, point.broker_rss_bytes);
  }
  if (most == 0) return std::nullopt;
  return observation{.value = static_cast<double>(most), .text = format_size(most)};
}

std::optional<observation> observe_processor(const record::time_series& series) {
  duration used{};
  duration watched{};
  for (const record::series_point& point : series.points) {
    if (point.broker_rss_bytes == 0) continue;
    used += point.broker_cpu;
    watched += series.interval;
  }
  if (watched == duration::zero()) return std::nullopt;
  const double percent =
      100.0 * static_cast<double>(used.count()) / static_cast<double>(watched.count());
  return observation{.value = percent, .text = fmt::format("{:.0f}% of a core", percent)};
}

}  // namespace

std::optional<observation> observe_run(const expectation& what, const run_evidence& run) {
  switch (what.what) {
    case figure::wills_missing:
    case figure::wills_unexpected:
      return observe_wills(what.what, run.measured.wills);
    case figure::retained_missing:
    case figure::retained_stale:
      return observe_retained(what.what, run.measured.retained);
    case figure::sparkplug_faults:
      return observe_sparkplug(run.measured.sparkplug);
    case figure::recovery:
      return observe_recovery(what.percentile, run.measured.recoveries);
    case figure::broker_memory:
      return observe_memory(run.measured.series);
    case figure::broker_cpu:
      return observe_processor(run.measured.series);
    default:
      return std::nullopt;
  }
}

}  // namespace gauntlet::sim
