#include "sim/plan/scaled_expectations.hpp"

#include <cmath>
#include <map>
#include <string>

#include "sim/plan/plan_summary.hpp"

namespace gauntlet::sim {
namespace {

/// The deliveries planned of the messages of one group, or of all if it is empty.
double deliveries_of(const scenario& whole, const std::string& group) {
  scenario part = whole;
  for (device_group& each : part.fleet) {
    if (!group.empty() && each.name != group) each.publish.clear();
  }
  return summarize(fleet_plan(std::move(part))).deliveries_total();
}

double devices_of(const scenario& whole, const std::string& group) {
  double count = 0;
  for (const device_group& each : whole.fleet) {
    if (group.empty() || each.name == group) count += each.count;
  }
  return count;
}

/// How much larger the scaled fleet is than the full one, each question asked once.
class growth {
 public:
  growth(const scenario& scaled, const scenario& full) : scaled_(scaled), full_(full) {}

  double of(const expectation& what) {
    const bool of_messages = is_of_messages(what.what);
    const auto [known, added] = seen_.try_emplace({of_messages, what.group}, 1.0);
    if (!added) return known->second;
    const auto count = of_messages ? deliveries_of : devices_of;
    const double before = count(full_, what.group);
    if (before > 0) known->second = count(scaled_, what.group) / before;
    return known->second;
  }

 private:
  const scenario& scaled_;
  const scenario& full_;
  std::map<std::pair<bool, std::string>, double> seen_;
};

}  // namespace

void scale_expectations(scenario& scaled, const scenario& full) {
  growth grown(scaled, full);
  std::vector<std::string> changed;
  for (expectation& each : scaled.expect) {
    const bool of_fleet = each.unit == limit_unit::count || each.unit == limit_unit::per_second;
    if (!of_fleet || each.limit == 0) continue;
    const std::string before = describe_limit(each);
    each.limit *= grown.of(each);
    if (each.unit == limit_unit::count && !is_lower_bound(each.what)) {
      each.limit = std::ceil(each.limit - 1e-9);
    }
    const std::string after = describe_limit(each);
    if (after == before) continue;
    changed.push_back("expected " + std::string(figure_name(each.what)) +
                      (each.group.empty() ? "" : " of " + each.group) + ": " + after + ", of " +
                      before);
  }
  std::move(changed.begin(), changed.end(), std::back_inserter(scaled.origin.scaled));
}

}  // namespace gauntlet::sim
