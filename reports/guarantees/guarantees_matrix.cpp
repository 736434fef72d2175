#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "harness/base/units.hpp"
#include "reports/escape.hpp"
#include "reports/guarantees/guarantees_reports.hpp"

namespace gauntlet::reports {
namespace {

using record::verdict;

std::string cell_of(const record::guarantee_sum& sum) {
  switch (sum.verdict) {
    case verdict::pass:
      return fmt::format("pass ({})", sum.scenarios);
    case verdict::fail: {
      std::string text = fmt::format("**FAIL** {} of {}:", sum.scenarios_failed, sum.scenarios);
      for (const record::class_count& each : sum.counts) text += " " + printable(each.class_name);
      return text;
    }
    case verdict::warn:
      return fmt::format("warn ({})", sum.scenarios);
    case verdict::inconclusive:
      return fmt::format("open ({})", sum.scenarios);
    case verdict::skipped:
      break;
  }
  return "-";
}

std::string failures_of(const record::guarantees_result& result) {
  // Scenarios that break the same guarantees in the same way are one row.
  std::map<std::string, std::vector<std::string>> by_breach;
  for (const record::guarantee_scenario& scenario : result.scenarios) {
    if (scenario.verdict != verdict::fail) continue;
    std::string breach;
    for (const record::guarantee_record& each : scenario.guarantees) {
      if (each.verdict != verdict::fail) continue;
      std::set<std::string> classes;
      for (const record::finding_record& finding : each.findings) {
        if (finding.verdict == verdict::fail) classes.insert(finding.class_name);
      }
      for (const std::string& name : classes) {
        breach += fmt::format("{}{} {}", breach.empty() ? "" : ", ", each.rule, printable(name));
      }
    }
    by_breach[breach].push_back(scenario.name);
  }
  std::string text;
  for (const auto& [breach, names] : by_breach) {
    std::string list;
    for (const std::string& each : names) list += (list.empty() ? "`" : ", `") + each + "`";
    text += fmt::format("| {} | {} | {} |\n", breach, names.size(), list);
  }
  return text;
}

}  // namespace

std::string matrix_to_markdown(const std::vector<record::guarantees_result>& results) {
  std::string head = "| guarantee |", rule = "| --- |", counts = "| scenarios |";
  std::map<std::string, std::string> titles;
  std::vector<std::string> order;
  std::vector<std::map<std::string, std::string>> columns;
  for (const record::guarantees_result& result : results) {
    head += fmt::format(" {} |", result.target);
    rule += " --- |";
    counts += fmt::format(" {} pass, {} FAIL, {} warn, {} open, {} n/a |",
                          count_of(result, verdict::pass), count_of(result, verdict::fail),
                          count_of(result, verdict::warn), count_of(result, verdict::inconclusive),
                          count_of(result, verdict::skipped));
    std::map<std::string, std::string>& column = columns.emplace_back();
    for (const record::guarantee_sum& each : sums_of(result)) {
      column[each.rule] = cell_of(each);
      if (titles.emplace(each.rule, each.title).second) order.push_back(each.rule);
    }
  }
  std::string text = head + "\n" + rule + "\n" + counts + "\n";
  for (const std::string& each : order) {
    text += fmt::format("| {} {} |", each, titles[each]);
    for (auto& column : columns) text += " " + (column.contains(each) ? column[each] : "-") + " |";
    text += "\n";
  }
  for (const record::guarantees_result& result : results) {
    text += fmt::format("\n## {} ({})\n\n", printable(result.product), result.target);
    const std::string failures = failures_of(result);
    text += fmt::format("{:.0f} s, taken to survive: {}.",
                        std::chrono::duration<double>(result.took).count(), result.survives);
    if (!result.failure.empty()) text += " Not finished: " + printable(result.failure);
    text += failures.empty()
                ? " Nothing failed.\n"
                : "\n\n| broken | scenarios | which |\n| --- | --- | --- |\n" + failures;
  }
  return text;
}

}  // namespace gauntlet::reports
