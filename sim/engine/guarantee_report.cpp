#include "sim/engine/guarantee_report.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "harness/base/units.hpp"
#include "harness/history/rule_names.hpp"
#include "sim/plan/fault_plan.hpp"

namespace gauntlet::sim {
namespace {

record::verdict verdict_of(history::guarantee_verdict verdict) {
  using enum history::guarantee_verdict;
  switch (verdict) {
    case not_asked:
      return record::verdict::skipped;
    case pass:
      return record::verdict::pass;
    case indeterminate:
      return record::verdict::inconclusive;
    case warn:
      return record::verdict::warn;
    case fail:
      return record::verdict::fail;
  }
  return record::verdict::inconclusive;
}

duration since(time_point start, time_point when) {
  return when == history::never ? duration{-1} : when - start;
}

std::string name_of(const history::evidence& all, std::uint32_t connection) {
  if (connection >= all.connections.size()) return {};
  const history::connection_record& of = all.connections[connection];
  const std::string client = of.client < all.clients.size() ? all.clients[of.client] : "?";
  return fmt::format("{}#{}", client, of.number);
}

record::finding_record report(const history::evidence& all, const history::finding& from,
                              time_point start) {
  record::finding_record made{.class_name = std::string(from.class_name),
                              .verdict = verdict_of(from.verdict),
                              .sentence = from.sentence,
                              .witness = {}};
  for (const history::witness_packet& each : from.witness) {
    const history::fault_index fault = each.times.fault;
    made.witness.push_back(
        {.connection = name_of(all, each.connection),
         .to_broker = each.way == history::direction::to_broker,
         .sent = since(start, each.times.sent),
         .passed = since(start, each.times.passed),
         .packet = each.what,
         .fault = fault < all.faults.size() ? all.faults[fault] : std::string()});
  }
  return made;
}

std::string observed_in(const record::guarantee_record& guarantee) {
  std::string text;
  for (const record::class_count& each : guarantee.counts) {
    text +=
        fmt::format("{}{} {}", text.empty() ? "" : ", ", format_count(each.count), each.class_name);
  }
  if (text.empty()) text = "no breach";
  return fmt::format("{} in {}", text, format_count(guarantee.asked));
}

}  // namespace

history::declared_promises promises_of(const guarantee_settings& said) {
  return {.queue_limit = said.queue_limit,
          .survives_stop = said.survives_stop,
          .survives_kill = said.survives_kill,
          .kill_margin = said.kill_margin};
}

std::vector<record::guarantee_record> report_guarantees(const history::evidence& all,
                                                        const history::findings& found,
                                                        time_point run_start) {
  std::vector<record::guarantee_record> made;
  for (const history::rule_name& rule : history::rule_names()) {
    record::guarantee_record record{.rule = std::string(rule.id), .title = std::string(rule.title)};
    const auto account = found.rules().find(rule.id);
    if (account != found.rules().end()) {
      record.verdict = verdict_of(account->second.verdict);
      record.asked = account->second.asked;
      for (const auto& [name, count] : account->second.counts) {
        record.counts.push_back({std::string(name), count});
      }
    }
    for (const history::finding& each : found.kept()) {
      if (each.rule == rule.id) record.findings.push_back(report(all, each, run_start));
    }
    made.push_back(std::move(record));
  }
  return made;
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
