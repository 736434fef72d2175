// Figures of connections and of requests.

#include <algorithm>

#include <fmt/format.h>

#include "harness/base/units.hpp"
#include "sim/engine/observation.hpp"

namespace gauntlet::sim {
namespace {

template <class Account>
Account sum_of(const std::vector<Account>& all, const std::string& group) {
  Account sum;
  for (const Account& each : all) {
    if (group.empty() || each.group == group) record::merge(sum, each);
  }
  return sum;
}

std::optional<observation> observe_connected(const record::connection_account& sum) {
  if (sum.planned == 0) return std::nullopt;
  const std::uint64_t devices = sum.connected - sum.reconnected;
  return observation{
      .value = 100.0 * static_cast<double>(devices) / static_cast<double>(sum.planned),
      .text = part_of(devices, sum.planned)};
}

std::optional<observation> observe_disconnects(const record::connection_account& sum) {
  if (sum.planned == 0) return std::nullopt;
  const std::uint64_t count = sum.unexpected_disconnects.total();
  observation seen{.value = static_cast<double>(count), .text = format_count(count)};
  if (count > 0) {
    const auto& counts = sum.unexpected_disconnects.counts();
    const auto most = std::max_element(counts.begin(), counts.end(),
                                       [](auto& a, auto& b) { return a.second < b.second; });
    seen.text += fmt::format(", most often: {}", most->first);
  }
  if (const std::uint64_t by_faults = sum.disconnected_by_faults.total(); by_faults > 0) {
    seen.text += fmt::format("; beside them {} by faults", format_count(by_faults));
  }
  return seen;
}

std::optional<observation> observe_sessions(const record::connection_account& sum) {
  const std::uint64_t all = sum.sessions_resumed + sum.sessions_lost;
  if (all == 0) return std::nullopt;
  return observation{.value = static_cast<double>(sum.sessions_lost),
                     .text = part_of(sum.sessions_lost, all)};
}

std::optional<observation> observe_answered(const record::request_account& sum) {
  const std::uint64_t decided = sum.answered + sum.timed_out;
  if (decided == 0) return std::nullopt;
  return observation{
      .value = 100.0 * static_cast<double>(sum.answered) / static_cast<double>(decided),
      .text = part_of(sum.answered, decided)};
}

}  // namespace

std::optional<observation> observe_connections(const expectation& what, const run_evidence& run) {
  const auto sum = sum_of(run.measured.connections, what.group);
  switch (what.what) {
    case figure::connected:
      return observe_connected(sum);
    case figure::connect_time:
      return observe_percentile(what, sum.connect_time);
    case figure::unexpected_disconnects:
      return observe_disconnects(sum);
    case figure::sessions_lost:
      return observe_sessions(sum);
    case figure::offline_time:
      return observe_percentile(what, sum.offline_time);
    default:
      return std::nullopt;
  }
}

std::optional<observation> observe_requests(const expectation& what, const run_evidence& run) {
  const auto sum = sum_of(run.measured.requests, what.group);
  return what.what == figure::answered ? observe_answered(sum)
                                       : observe_percentile(what, sum.response_time);
}

}  // namespace gauntlet::sim
