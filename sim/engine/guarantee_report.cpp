#include "sim/engine/guarantee_report.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include <fmt/format.h>

#include "harness/base/units.hpp"
#include "sim/plan/fault_plan.hpp"

namespace gauntlet::sim {
namespace {

std::string observed_in(const record::guarantee_record& guarantee) {
  std::string text;
  for (const record::class_count& each : guarantee.counts) {
    text +=
        fmt::format("{}{} {}", text.empty() ? "" : ", ", format_count(each.count), each.class_name);
  }
  if (text.empty()) text = "no breach";
  return fmt::format("{} in {}", text, format_count(guarantee.asked));
}

/// From the first packet to the last one, never ones left out; empty if there is none.
std::optional<record::fault_span> time_of(const std::vector<record::witness_record>& witness) {
  std::optional<record::fault_span> all;
  for (const record::witness_record& each : witness) {
    for (const duration at : {each.sent, each.passed}) {
      if (at < duration::zero()) continue;
      if (!all) all = record::fault_span{.from = at, .until = at};
      all->from = std::min(all->from, at);
      all->until = std::max(all->until, at);
    }
  }
  return all;
}

// What a fault left behind often shows when all are back, in packets of which none met it.
constexpr duration just_before = std::chrono::seconds(5);

std::string active_between(const std::vector<record::fault_record>& faults,
                           const std::optional<record::fault_span>& when) {
  constexpr int named_max = 5;
  std::string names;
  int count = 0;
  if (!when) return names;
  for (const record::fault_record& each : faults) {
    const bool active =
        std::any_of(each.active.begin(), each.active.end(), [&](const record::fault_span& span) {
          return span.from <= when->until && span.until + just_before >= when->from;
        });
    if (!active) continue;
    if (++count <= named_max) names += (names.empty() ? "" : ", ") + each.name;
  }
  if (count > named_max) names += fmt::format(" and {} more", count - named_max);
  return names;
}

}  // namespace

history::declared_promises promises_of(const guarantee_settings& said) {
  return {.queue_limit = said.queue_limit,
          .survives_stop = said.survives_stop,
          .survives_kill = said.survives_kill,
          .kill_margin = said.kill_margin};
}

void leave_open_what_the_network_hid(std::vector<record::guarantee_record>& guarantees) {
  static constexpr std::array<std::string_view, 7> told = {"D1", "D2", "D3", "D4",
                                                           "O1", "R1", "R2"};
  for (record::guarantee_record& each : guarantees) {
    const bool stays = std::find(told.begin(), told.end(), each.rule) != told.end();
    if (stays || each.verdict != record::verdict::fail) continue;
    each.verdict = record::verdict::inconclusive;
    for (record::finding_record& finding : each.findings) {
      if (finding.verdict != record::verdict::fail) continue;
      finding.verdict = record::verdict::inconclusive;
      finding.sentence += "; packets may have been lost below TCP, so it is not proven";
    }
  }
}

void name_active_faults(std::vector<record::guarantee_record>& guarantees,
                        const std::vector<record::fault_record>& faults) {
  for (record::guarantee_record& each : guarantees) {
    for (record::finding_record& finding : each.findings) {
      const std::string names = active_between(faults, time_of(finding.witness));
      if (!names.empty()) finding.sentence += "; faults active then or just before: " + names;
    }
  }
}

std::vector<record::fault_record> report_faults(const fleet_plan& plan,
                                                const std::vector<fault_activity>& activities,
                                                time_point run_start, time_point run_end) {
  std::vector<record::fault_record> made;
  const std::vector<fault::rule> rules = fault_rules_of(plan);
  for (std::size_t i = 0; i < rules.size(); ++i) {
    record::fault_record record{.name = rules[i].name, .what = fault::describe(rules[i])};
    if (i < activities.size()) {
      record.strikes = activities[i].strikes;
      for (const auto& [from, until] : activities[i].active) {
        record.active.push_back(
            {.from = from - run_start, .until = std::min(until, run_end) - run_start});
      }
    }
    made.push_back(std::move(record));
  }
  return made;
}

record::event_log events_of(const fleet_plan& plan, const std::vector<fault_activity>& activities,
                            time_point run_start) {
  std::vector<record::event> lines;
  const auto add = [&](time_point at, std::string text) {
    lines.push_back({.at = at - run_start,
                     .level = record::event_level::info,
                     .source = "faults",
                     .text = std::move(text)});
  };
  const std::vector<fault::rule> rules = fault_rules_of(plan);
  for (std::size_t i = 0; i < std::min(rules.size(), activities.size()); ++i) {
    for (const auto& [from, until] : activities[i].active) {
      add(from, fmt::format("fault {} begins: {}", rules[i].name, fault::describe(rules[i])));
      if (until != time_point::max()) add(until, fmt::format("fault {} is over", rules[i].name));
    }
    for (const auto& [at, text] : activities[i].first_strikes) {
      add(at, fmt::format("fault {} strikes: {}", rules[i].name, text));
    }
  }
  std::stable_sort(lines.begin(), lines.end(),
                   [](const auto& a, const auto& b) { return a.at < b.at; });
  record::event_log log;
  for (record::event& each : lines) log.add(std::move(each));
  return log;
}

std::vector<record::expectation_record> expectations_of(
    const std::vector<record::guarantee_record>& guarantees) {
  std::vector<record::expectation_record> made;
  for (const record::guarantee_record& each : guarantees) {
    if (each.verdict == record::verdict::skipped) continue;
    made.push_back({.id = "guarantee." + each.rule,
                    .where = {},
                    .sentence = each.rule + " " + each.title,
                    .expected = "no breach",
                    .observed = observed_in(each),
                    .verdict = each.verdict});
  }
  return made;
}

}  // namespace gauntlet::sim
