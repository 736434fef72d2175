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

live_value value_of(figure what, const live_slot& of, std::uint64_t devices,
                    std::uint64_t broker_memory) {
  switch (what) {
    case figure::lost: {
      const auto missing = static_cast<std::uint64_t>(std::max<std::int64_t>(of.missing, 0));
      std::string text = format_count(missing) + " missing";
      if (of.owed > 0) text = format_count(of.owed) + " owed and nothing delivered, " + text;
      return {static_cast<double>(missing + of.owed), std::move(text)};
    }
    case figure::duplicated:
      return {static_cast<double>(of.duplicated), format_count(of.duplicated) + " duplicates"};
    case figure::latency:
      return {static_cast<double>(of.latency_p99_ns),
              format_duration(
                  std::chrono::round<std::chrono::microseconds>(duration(of.latency_p99_ns))) +
                  " in the last second"};
    case figure::connected:
      return {100.0 * static_cast<double>(of.connected) / static_cast<double>(devices),
              fmt::format("{} of {} devices", format_count(of.connected), format_count(devices))};
    case figure::broker_memory:
      return {static_cast<double>(broker_memory), format_size(broker_memory)};
    default:
      return {};  // the scenario was checked: nothing else is live
  }
}

}  // namespace

live_watch::live_watch(const fleet_plan& plan, fleet_part part) {
  const scenario& described = plan.described();
  const live_slot_table table(described, plan.stages());
  for (std::size_t i = 0; i < described.expect.size(); ++i) {
    const expectation& each = described.expect[i];
    if (!each.abort_after) continue;
    watched& made = watched_.emplace_back();
    made.what = each;
    made.index = i;
    made.slot = table.slot_of(i);
    for (const device_group& group : described.fleet) {
      if (group.name == each.group) made.devices = devices_of(group, part);
    }
  }
}

// Its figures; `owed` is what is owed since deliveries have stopped, 0 while they go on.
live_slot live_watch::figures_of(watched& of, const live_figures& seen, time_point now) const {
  live_slot figures{.missing = seen.all.missing,
                    .duplicated = seen.all.duplicated,
                    .first_copies = seen.all.first_copies,
                    .owed = seen.all.owed,
                    .connected = seen.all.connected,
                    .latency_p99_ns = seen.all.latency_p99_ns};
  if (of.slot) figures = seen.all.slots[*of.slot];
  // Who was refused or lost its connection may be the one that is owed.
  const bool all_there = seen.all.failures == 0 && seen.all.settled == seen.devices;
  if (figures.first_copies != of.first_copies || !all_there) {
    of.first_copies = figures.first_copies;
    of.last_delivery = now;
  }
  // An acknowledgement may come some time after the delivery.
  if (of.last_delivery == time_point::min()) of.last_delivery = now;
  if (now - of.last_delivery < *of.what.abort_after) of.owed = figures.owed;
  figures.owed -= of.owed;
  return figures;
}

std::optional<early_end> live_watch::look(const live_figures& seen, time_point now) {
  for (watched& each : watched_) {
    const live_value live =
        value_of(each.what.what, figures_of(each, seen, now),
                 each.devices > 0 ? each.devices : seen.devices, seen.broker_memory);
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
