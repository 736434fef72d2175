#include "sim/plan/fault_plan.hpp"

#include <algorithm>
#include <memory>
#include <string>
#include <unordered_set>
#include <utility>

#include "harness/base/seeded_stream.hpp"

namespace gauntlet::sim {
namespace {

bool concerns(const scheduled_fault& fault, const device_group& group) {
  return fault.groups.empty() ||
         std::find(fault.groups.begin(), fault.groups.end(), group.name) != fault.groups.end();
}

/// The rule, about the devices that it means.
fault::rule resolved(const fleet_plan& plan, const scheduled_fault& from, const std::string& name) {
  fault::rule rule = from.rule;
  rule.name = name;
  if (from.groups.empty() && from.share >= 1) return rule;
  auto chosen = std::make_shared<std::unordered_set<std::string>>();
  const auto& fleet = plan.described().fleet;
  const stream_key key = stream_key(plan.described().seed).with("fault").with(name);
  for (std::size_t i = 0; i < fleet.size(); ++i) {
    if (!concerns(from, fleet[i])) continue;
    for (std::uint32_t index = 0; index < fleet[i].count; ++index) {
      const device_number number = plan.first_of_group(i) + index;
      if (from.share < 1 && !seeded_stream(key.with(number)).chance(from.share)) continue;
      chosen->insert(plan.client_id_of(number));
    }
  }
  rule.who.client_ids = std::move(chosen);
  return rule;
}

void add_chaos(const fleet_plan& plan, const chaos_settings& chaos,
               std::vector<fault::rule>& rules) {
  seeded_stream draws(stream_key(plan.described().seed).with("chaos"));
  duration at{};
  for (std::uint32_t i = 0; i < chaos.at_most; ++i) {
    at += duration(
        static_cast<duration::rep>(static_cast<double>(chaos.every.count()) * draws.exponential()));
    if (at >= plan.described().publish_for) return;
    const scheduled_fault& what = chaos.from[draws.below(chaos.from.size())];
    fault::rule rule =
        resolved(plan, what, "chaos-" + std::to_string(i + 1) + "-" + what.rule.name);
    rule.when.at = at;
    if (!rule.when.lasting) rule.when.lasting = chaos.lasting;
    rules.push_back(std::move(rule));
  }
}

}  // namespace

std::vector<fault::rule> fault_rules_of(const fleet_plan& plan) {
  std::vector<fault::rule> rules;
  for (const scheduled_fault& each : plan.described().faults) {
    rules.push_back(resolved(plan, each, each.rule.name));
  }
  if (plan.described().chaos) add_chaos(plan, *plan.described().chaos, rules);
  return rules;
}

bool breaks_links(const scenario& described) {
  return !described.faults.empty() || described.chaos.has_value();
}

bool needs_links(const scenario& described) {
  return breaks_links(described) || described.guarantees.has_value();
}

}  // namespace gauntlet::sim
