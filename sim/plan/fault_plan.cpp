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
fault::rule resolved(const fleet_plan& plan, const scheduled_fault& from) {
  fault::rule rule = from.rule;
  if (from.groups.empty() && from.share >= 1) return rule;
  auto chosen = std::make_shared<std::unordered_set<std::string>>();
  const auto& fleet = plan.described().fleet;
  const stream_key key = stream_key(plan.described().seed).with("fault").with(rule.name);
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
               std::vector<scheduled_fault>& faults) {
  seeded_stream draws(stream_key(plan.described().seed).with("chaos"));
  duration at{};
  for (std::uint32_t i = 0; i < chaos.at_most; ++i) {
    at += duration(
        static_cast<duration::rep>(static_cast<double>(chaos.every.count()) * draws.exponential()));
    if (at >= plan.described().publish_for) return;
    scheduled_fault what = chaos.from[draws.below(chaos.from.size())];
    what.rule.name = "chaos-" + std::to_string(i + 1) + "-" + what.rule.name;
    what.rule.when.at = at;
    if (!what.rule.when.lasting) what.rule.when.lasting = chaos.lasting;
    if (what.is_of_broker() && !what.broker.restart_after)
      what.broker.restart_after = chaos.lasting;
    faults.push_back(std::move(what));
  }
}

/// Chaos included.
std::vector<scheduled_fault> all_faults_of(const fleet_plan& plan) {
  std::vector<scheduled_fault> faults = plan.described().faults;
  if (plan.described().chaos) add_chaos(plan, *plan.described().chaos, faults);
  return faults;
}

bool is_below(const scheduled_fault& fault) { return fault.host.has_value(); }
bool is_of_broker(const scheduled_fault& fault) { return fault.is_of_broker(); }
bool is_at_packets(const scheduled_fault& fault) { return fault.is_at_packets(); }
bool is_of_links(const scheduled_fault& fault) { return !is_below(fault) && !is_of_broker(fault); }

/// Whether there is such a fault, in the list or in chaos.
bool has_fault(const scenario& described, bool (*is_such)(const scheduled_fault&)) {
  const auto any = [&](const std::vector<scheduled_fault>& list) {
    return std::any_of(list.begin(), list.end(), is_such);
  };
  return any(described.faults) || (described.chaos && any(described.chaos->from));
}

target::restart_fault restart_of(const scheduled_broker_fault& fault) {
  return {.after = *fault.restart_after,
          .graceful = fault.what == scheduled_broker_fault::kind::terminate,
          .keeps_state = fault.store != scheduled_broker_fault::state::lost};
}

target::broker_fault kill_of(const scheduled_broker_fault& fault) {
  using state = scheduled_broker_fault::state;
  if (!fault.restart_after) return target::kill_fault{};
  if (fault.times > 1) {
    return target::crash_loop_fault{.times = fault.times, .after = *fault.restart_after};
  }
  if (fault.store == state::truncated || fault.store == state::flipped) {
    return target::damage_fault{.how = fault.store == state::truncated
                                           ? target::store_damage::truncated
                                           : target::store_damage::flipped,
                                .after = *fault.restart_after};
  }
  return restart_of(fault);
}

target::broker_fault broker_fault_of(const scheduled_broker_fault& fault,
                                     const std::optional<duration>& lasting) {
  using kind = scheduled_broker_fault::kind;
  switch (fault.what) {
    case kind::none:
    case kind::reload:
      return target::reload_fault{};
    case kind::kill:
      return kill_of(fault);
    case kind::terminate:
      if (!fault.restart_after) return target::terminate_fault{};
      return restart_of(fault);
    case kind::pause:
      return target::pause_fault{.lasting = lasting};
    case kind::disk_full:
      return target::disk_full_fault{.lasting = lasting};
    case kind::descriptors:
      break;
  }
  return target::scarcity_fault{.at_most = fault.at_most, .lasting = lasting};
}

}  // namespace

std::vector<fault::rule> fault_rules_of(const fleet_plan& plan) {
  std::vector<fault::rule> rules;
  for (const scheduled_fault& each : all_faults_of(plan)) {
    if (is_of_links(each)) rules.push_back(resolved(plan, each));
  }
  return rules;
}

std::vector<fault::rule> broker_triggers_of(const fleet_plan& plan) {
  std::vector<fault::rule> rules;
  for (const scheduled_fault& each : all_faults_of(plan)) {
    if (!each.is_at_packets()) continue;
    fault::rule rule = resolved(plan, each);
    rule.when.lasting.reset();
    // It touches nothing: that it is told of the packet is all that it is for.
    rule.what = fault::delay{.by = duration::zero()};
    fault::selection& who = rule.who;
    if (who.nth == 0 && who.every == 0 && who.times == 0) who.nth = 1;
    rules.push_back(std::move(rule));
  }
  return rules;
}

std::vector<planned_broker_fault> broker_faults_of(const fleet_plan& plan) {
  std::vector<planned_broker_fault> made;
  std::size_t triggers = 0;
  for (const scheduled_fault& each : all_faults_of(plan)) {
    if (!each.is_of_broker()) continue;
    planned_broker_fault planned{.name = each.rule.name,
                                 .what = broker_fault_of(each.broker, each.rule.when.lasting),
                                 .when = each.rule.when,
                                 .is_optional = each.broker.is_optional,
                                 .where = each.where,
                                 .trigger = {}};
    if (each.is_at_packets()) planned.trigger = triggers++;
    made.push_back(std::move(planned));
  }
  return made;
}

std::vector<planned_host_fault> host_faults_of(const fleet_plan& plan) {
  std::vector<planned_host_fault> made;
  for (const scheduled_fault& each : all_faults_of(plan)) {
    if (!is_below(each)) continue;
    made.push_back({.name = each.rule.name, .what = *each.host, .when = each.rule.when});
  }
  return made;
}

bool breaks_host(const scenario& described) { return has_fault(described, is_below); }

bool breaks_broker(const scenario& described) { return has_fault(described, is_of_broker); }

bool fills_disk(const scenario& described) {
  return has_fault(described, [](const scheduled_fault& each) {
    return each.broker.what == scheduled_broker_fault::kind::disk_full;
  });
}

bool waits_for_packets(const scenario& described) { return has_fault(described, is_at_packets); }

bool breaks_links(const scenario& described) {
  return !described.faults.empty() || described.chaos.has_value();
}

bool needs_links(const scenario& described) {
  return has_fault(described, is_of_links) || waits_for_packets(described) ||
         described.guarantees.has_value();
}

}  // namespace gauntlet::sim
