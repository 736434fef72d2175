// Figures of messages, from the flows of a run.

#include <algorithm>

#include <fmt/format.h>

#include "harness/base/units.hpp"
#include "sim/engine/observation.hpp"

namespace gauntlet::sim {
namespace {

bool concerns(const expectation& what, const record::message_flow& flow) {
  if (!what.group.empty() && flow.group != what.group) return false;
  if (!what.stage.empty() && flow.stage != what.stage) return false;
  return what.qos.empty() || std::any_of(what.qos.begin(), what.qos.end(), [&](mqtt::qos qos) {
           return static_cast<std::uint8_t>(qos) == flow.qos;
         });
}

record::delivery_account account(const expectation& what, const run_evidence& run) {
  record::delivery_account sum;
  for (const record::message_flow& flow : run.measured.flows) {
    if (concerns(what, flow)) record::merge(sum, flow.account);
  }
  return sum;
}

record::histogram times(const expectation& what, const run_evidence& run,
                        record::histogram record::message_flow::*which) {
  record::histogram sum;
  for (const record::message_flow& flow : run.measured.flows) {
    if (concerns(what, flow)) sum.merge(flow.*which);
  }
  return sum;
}

std::optional<observation> observe_sent(const record::delivery_account& sum) {
  if (sum.planned == 0) return std::nullopt;
  const double percent = 100.0 * static_cast<double>(sum.sent) / static_cast<double>(sum.planned);
  return observation{.value = percent, .text = part_of(sum.sent, sum.planned)};
}

std::optional<observation> observe_dropped(const record::delivery_account& sum) {
  if (sum.planned == 0) return std::nullopt;
  return observation{.value = static_cast<double>(sum.dropped_offline),
                     .text = part_of(sum.dropped_offline, sum.planned)};
}

std::optional<observation> observe_deliveries(const expectation& what,
                                              const record::delivery_account& sum,
                                              std::uint64_t count) {
  if (sum.expected_deliveries == 0) return std::nullopt;
  const double scale =
      what.unit == limit_unit::percent ? 100.0 / static_cast<double>(sum.expected_deliveries) : 1;
  // Only a loss can hide among what nobody can tell.
  const std::uint64_t unknown = what.what == figure::lost ? sum.uncertain : 0;
  observation seen{.value = static_cast<double>(count) * scale,
                   .uncertain = static_cast<double>(unknown) * scale,
                   .text = part_of(count, sum.expected_deliveries)};
  if (unknown > 0) seen.text += fmt::format(", and {} uncertain", format_count(unknown));
  return seen;
}

// How long messages were published in the expectation's stage, or in all.
duration publishing_time(const expectation& what, const run_evidence& run) {
  if (what.stage.empty()) return run.publishing;
  duration begin{};
  for (const stage& each : run.described.stages) {
    if (each.name == what.stage) {
      return std::clamp(run.publishing - begin, duration::zero(), each.length);
    }
    begin += each.length;
  }
  return duration::zero();
}

std::optional<observation> observe_throughput(const expectation& what, const run_evidence& run,
                                              const record::delivery_account& sum) {
  const duration publishing = publishing_time(what, run);
  if (publishing <= duration::zero() || sum.expected_deliveries == 0) return std::nullopt;
  const double rate =
      static_cast<double>(sum.delivered) / std::chrono::duration<double>(publishing).count();
  return observation{.value = rate, .text = fmt::format("{:.0f}/s", rate)};
}

}  // namespace

std::optional<observation> observe_messages(const expectation& what, const run_evidence& run) {
  const record::delivery_account sum = account(what, run);
  switch (what.what) {
    case figure::sent:
      return observe_sent(sum);
    case figure::lost:
      return observe_deliveries(what, sum, sum.lost);
    case figure::duplicated:
      return observe_deliveries(what, sum, sum.duplicated);
    case figure::reordered:
      return observe_deliveries(what, sum, sum.reordered);
    case figure::dropped_offline:
      return observe_dropped(sum);
    case figure::latency:
      return observe_percentile(what,
                                times(what, run, &record::message_flow::latency_from_schedule));
    case figure::service_time:
      return observe_percentile(what, times(what, run, &record::message_flow::latency_from_send));
    case figure::throughput:
      return observe_throughput(what, run, sum);
    default:
      return std::nullopt;
  }
}

}  // namespace gauntlet::sim
