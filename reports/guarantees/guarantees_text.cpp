#include <algorithm>
#include <chrono>

#include <fmt/format.h>

#include "harness/base/units.hpp"
#include "reports/escape.hpp"
#include "reports/guarantees/guarantees_reports.hpp"
#include "reports/witness.hpp"

namespace gauntlet::reports {
namespace {

using record::verdict;

double seconds_of(duration time) { return std::chrono::duration<double>(time).count(); }

std::string word_of(verdict value) {
  switch (value) {
    case verdict::skipped:
      return "n/a";
    case verdict::inconclusive:
      return "open";
    case verdict::fail:
      return "FAIL";
    default:
      return std::string(record::name(value));
  }
}

std::string counts_of(const std::vector<record::class_count>& counts) {
  std::string text;
  for (const record::class_count& each : counts) {
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", format_count(each.count),
                        printable(each.class_name));
  }
  return text;
}

std::string totals(const record::guarantees_result& result) {
  std::string text;
  for (const verdict each :
       {verdict::pass, verdict::fail, verdict::warn, verdict::inconclusive, verdict::skipped}) {
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", count_of(result, each), word_of(each));
  }
  return text;
}

std::string head_of(const record::guarantees_result& result) {
  return fmt::format("{}: {} scenarios in {:.0f} s, seed {}; taken to survive: {}",
                     printable(result.product.empty() ? result.target : result.product),
                     result.scenarios.size(), seconds_of(result.took), result.seed,
                     result.survives);
}

}  // namespace

std::string line_of(const record::guarantee_scenario& scenario) {
  std::string text = fmt::format("{:<5} {}", word_of(scenario.verdict), scenario.name);
  if (scenario.verdict != verdict::skipped) {
    text += fmt::format("  ({:.1f} s)", seconds_of(scenario.took));
  }
  if (!scenario.remark.empty()) text += ": " + printable(scenario.remark);
  text += "\n";
  for (const record::guarantee_record& each : scenario.guarantees) {
    if (each.verdict == verdict::pass || each.verdict == verdict::skipped) continue;
    text += fmt::format("      {:<4} {}: {}\n", word_of(each.verdict), each.rule,
                        counts_of(each.counts));
  }
  return text;
}

std::string to_text(const record::guarantees_result& result) {
  std::string text = fmt::format("\n{}\n\n", head_of(result));
  for (const record::guarantee_sum& each : sums_of(result)) {
    text += fmt::format("  {:<5} {:<4} {} ({} scenarios{})\n", word_of(each.verdict), each.rule,
                        each.title, each.scenarios,
                        each.counts.empty() ? "" : "; " + counts_of(each.counts));
  }
  for (const record::guarantee_scenario& scenario : result.scenarios) {
    if (scenario.verdict != verdict::fail) continue;
    text += fmt::format("\n{}\n  {}\n", scenario.name, scenario.title);
    for (const record::guarantee_record& each : scenario.guarantees) {
      if (each.verdict != verdict::fail) continue;
      text += fmt::format("  {} {}\n", each.rule, each.title);
      text += findings_text(each, "    ", 1);
    }
  }
  if (!result.failure.empty()) text += "\nnot finished: " + printable(result.failure) + "\n";
  return text + "\n" + totals(result) + "\n";
}

std::string to_markdown(const record::guarantees_result& result) {
  std::string text = fmt::format(
      "{}\n\n{}\n\n| | guarantee | scenarios | found |\n"
      "| --- | --- | --- | --- |\n",
      head_of(result), totals(result));
  for (const record::guarantee_sum& each : sums_of(result)) {
    text += fmt::format("| {} | {} {} | {} | {} |\n", word_of(each.verdict), each.rule, each.title,
                        each.scenarios, counts_of(each.counts));
  }
  text += "\n| | scenario | found |\n| --- | --- | --- |\n";
  for (const record::guarantee_scenario& scenario : result.scenarios) {
    std::string found = printable(scenario.remark);
    for (const record::guarantee_record& each : scenario.guarantees) {
      if (each.counts.empty()) continue;
      found += fmt::format("{}{} {}", found.empty() ? "" : "; ", each.rule, counts_of(each.counts));
    }
    text += fmt::format("| {} | {} | {} |\n", word_of(scenario.verdict), scenario.name, found);
  }
  return text;
}

}  // namespace gauntlet::reports
