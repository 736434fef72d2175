#include "harness/record/fuzz_result.hpp"

#include <algorithm>
#include <tuple>

#include "harness/record/enum_names.hpp"

namespace gauntlet::record {
namespace {

constexpr enum_names<finding_kind, finding_kind_count> kinds{
    {"sanitizer", "crash", "hang", "refusal", "spin", "leak", "disturbance", "protocol", "model"}};

void add_finding(std::vector<fuzz_finding>& all, const fuzz_finding& more) {
  const auto same =
      std::find_if(all.begin(), all.end(), [&](const auto& each) { return each.id == more.id; });
  if (same == all.end()) {
    all.push_back(more);
    return;
  }
  const std::uint64_t times = same->times_seen + more.times_seen;
  const bool is_better = same->flaky && !more.flaky;
  const bool is_earlier = same->flaky == more.flaky && more.first_second < same->first_second;
  if (is_better || is_earlier) *same = more;
  same->times_seen = times;
}

void add_states(std::vector<fuzz_state_row>& all, const std::vector<fuzz_state_row>& more) {
  if (all.empty()) {
    all = more;
    return;
  }
  for (std::size_t row = 0; row < std::min(all.size(), more.size()); ++row) {
    const auto add = [](std::vector<std::uint64_t>& to, const std::vector<std::uint64_t>& from) {
      for (std::size_t i = 0; i < std::min(to.size(), from.size()); ++i) to[i] += from[i];
    };
    add(all[row].sent, more[row].sent);
    add(all[row].answered, more[row].answered);
  }
}

/// Adds what the other worker had reached by the time of each sample.
void add_samples(std::vector<fuzz_sample>& all, const std::vector<fuzz_sample>& more) {
  if (all.empty()) {
    all = more;
    return;
  }
  for (fuzz_sample& each : all) {
    auto after = std::upper_bound(
        more.begin(), more.end(), each.second,
        [](double second, const fuzz_sample& other) { return second < other.second; });
    if (after == more.begin()) continue;
    const fuzz_sample& other = *(after - 1);
    each.executions += other.executions;
    each.packets += other.packets;
    each.connections += other.connections;
    each.behaviours = std::max(each.behaviours, other.behaviours);
    each.edges = std::max(each.edges, other.edges);
    each.corpus += other.corpus;
    each.resident_bytes = std::max(each.resident_bytes, other.resident_bytes);
  }
}

}  // namespace

std::string_view name(finding_kind kind) { return kinds.name_of(kind); }
std::optional<finding_kind> finding_kind_of(std::string_view name) { return kinds.value_of(name); }

std::size_t fuzz_result::steady_findings() const {
  return static_cast<std::size_t>(std::count_if(findings.begin(), findings.end(),
                                                [](const auto& each) { return !each.flaky; }));
}

double fuzz_result::share_in_vain() const {
  const double all = seconds * std::max<double>(workers, 1);
  return all > 0 ? std::min(1.0, seconds_in_vain / all) : 0;
}

void merge_workers(fuzz_result& campaign, const std::vector<fuzz_result>& workers) {
  for (const fuzz_result& each : workers) {
    if (campaign.product.empty()) campaign.product = each.product;
    campaign.executions += each.executions;
    campaign.packets += each.packets;
    campaign.connections += each.connections;
    campaign.behaviours = std::max(campaign.behaviours, each.behaviours);
    campaign.edges = std::max(campaign.edges, each.edges);
    campaign.corpus += each.corpus;
    campaign.restarts += each.restarts;
    campaign.stability_tries += each.stability_tries;
    campaign.stability_same += each.stability_same;
    campaign.false_alarms += each.false_alarms;
    campaign.seconds_in_vain += each.seconds_in_vain;
    campaign.memory_growth_per_thousand =
        std::max(campaign.memory_growth_per_thousand, each.memory_growth_per_thousand);
    for (const std::string& remark : each.remarks) {
      const auto& all = campaign.remarks;
      if (std::find(all.begin(), all.end(), remark) == all.end())
        campaign.remarks.push_back(remark);
    }
    add_samples(campaign.samples, each.samples);
    if (campaign.packet_names.empty()) campaign.packet_names = each.packet_names;
    add_states(campaign.states, each.states);
    for (const fuzz_finding& finding : each.findings) add_finding(campaign.findings, finding);
  }
  std::sort(campaign.findings.begin(), campaign.findings.end(), [](const auto& a, const auto& b) {
    return std::tie(a.flaky, a.kind, a.id) < std::tie(b.flaky, b.kind, b.id);
  });
}

}  // namespace gauntlet::record
