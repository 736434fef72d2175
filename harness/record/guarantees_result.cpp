#include "harness/record/guarantees_result.hpp"

#include <algorithm>
#include <map>
#include <string_view>

namespace gauntlet::record {
namespace {

// The order of docs/guarantees.md: by group, and by number in it.
std::pair<std::size_t, std::string> place_of(const std::string& rule) {
  constexpr std::string_view groups = "DORWSEHQ";
  const std::string number = rule.substr(std::min<std::size_t>(1, rule.size()));
  return {rule.empty() ? groups.size() : groups.find(rule.front()),
          std::string(3 - std::min<std::size_t>(3, number.size()), '0') + number};
}

void add(guarantee_sum& sum, const guarantee_record& more) {
  sum.title = more.title;
  sum.verdict = worst(sum.verdict, more.verdict);
  sum.asked += more.asked;
  ++sum.scenarios;
  if (more.verdict == verdict::fail) ++sum.scenarios_failed;
  for (const class_count& each : more.counts) {
    const auto same = std::find_if(sum.counts.begin(), sum.counts.end(), [&](const auto& known) {
      return known.class_name == each.class_name;
    });
    if (same == sum.counts.end()) {
      sum.counts.push_back(each);
    } else {
      same->count += each.count;
    }
  }
}

}  // namespace

verdict overall_verdict(const guarantees_result& result) {
  verdict all = verdict::skipped;
  for (const guarantee_scenario& each : result.scenarios) all = worst(all, each.verdict);
  return all;
}

std::size_t count_of(const guarantees_result& result, verdict which) {
  return static_cast<std::size_t>(
      std::count_if(result.scenarios.begin(), result.scenarios.end(),
                    [which](const auto& each) { return each.verdict == which; }));
}

std::vector<guarantee_sum> sums_of(const guarantees_result& result) {
  std::map<std::pair<std::size_t, std::string>, guarantee_sum> sums;
  for (const guarantee_scenario& scenario : result.scenarios) {
    for (const guarantee_record& each : scenario.guarantees) {
      guarantee_sum& sum = sums[place_of(each.rule)];
      sum.rule = each.rule;
      add(sum, each);
    }
  }
  std::vector<guarantee_sum> made;
  for (auto& [place, sum] : sums) made.push_back(std::move(sum));
  return made;
}

}  // namespace gauntlet::record
