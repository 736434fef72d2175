#include "reports/markdown.hpp"

#include <string_view>

#include <fmt/format.h>

#include "harness/base/units.hpp"
#include "reports/escape.hpp"
#include "reports/figures.hpp"
#include "reports/summary.hpp"
#include "reports/witness.hpp"

namespace gauntlet::reports {
namespace {

using record::verdict;

// Of each guarantee; result.json holds more.
constexpr std::size_t findings_shown = 2;

std::string_view sign_of(verdict value) {
  switch (value) {
    case verdict::pass:
      return "\u2705";
    case verdict::warn:
      return "\u26a0\ufe0f";
    case verdict::inconclusive:
      return "\u2754";
    case verdict::fail:
      return "\u274c";
    case verdict::skipped:
      break;
  }
  return "\u2796";
}

std::string delivery_table(const record::run_result& run) {
  std::string out =
      "| group | QoS | planned | sent | expected | delivered | lost | uncertain | duplicated | "
      "reordered | p50 | p99 |\n|:--|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n";
  for (const auto& flow : run.measured.flows) {
    const auto& account = flow.account;
    const auto& latency = flow.latency_from_schedule;
    const auto figure = [&](double percent) {
      return latency.empty() ? "" : plain(duration_of(latency.percentile(percent)));
    };
    out += fmt::format("| {} | {} | {} | {} | {} | {} | {} | {} | {} | {} | {} | {} |\n",
                       markdown_escaped(record::label_of(flow)), flow.qos,
                       format_count(account.planned), format_count(account.sent),
                       format_count(account.expected_deliveries), format_count(account.delivered),
                       format_count(account.lost), format_count(account.uncertain),
                       format_count(account.duplicated), format_count(account.reordered),
                       figure(50), figure(99));
  }
  return out;
}

// The findings against each guarantee, folded away.
std::string findings_block(const record::run_result& run) {
  std::string shown;
  for (const auto& each : run.guarantees) {
    const std::string text = findings_text(each, "", findings_shown);
    if (text.empty()) continue;
    shown += fmt::format("{}{} {}\n{}", shown.empty() ? "" : "\n", each.rule, each.title, text);
  }
  if (shown.empty()) return "";
  return "<details><summary>Findings with their packets</summary>\n\n" +
         markdown_code_block(shown.substr(0, shown.size() - 1), "text") + "\n</details>\n\n";
}

std::string faults_table(const record::run_result& run) {
  if (run.faults.empty()) return "";
  std::string out = "| fault | what it does | active | strikes |\n|:--|:--|:--|--:|\n";
  for (const auto& each : run.faults) {
    out += fmt::format("| {} | {} | {} | {} |\n", markdown_escaped(each.name),
                       markdown_escaped(each.what), markdown_escaped(times_of(each)),
                       format_count(each.strikes));
  }
  return out + '\n';
}

// "12 connections were lost, and 40 disconnected by faults." Nothing if there were none.
std::string ends_sentence(const record::run_result& run) {
  std::uint64_t lost = 0;
  std::uint64_t by_faults = 0;
  for (const auto& each : run.measured.connections) {
    lost += each.unexpected_disconnects.total();
    by_faults += each.disconnected_by_faults.total();
  }
  if (lost + by_faults == 0) return "";
  return fmt::format("Connections: {} lost unexpectedly, {} disconnected by faults.\n\n",
                     format_count(lost), format_count(by_faults));
}

}  // namespace

std::string to_markdown(const record::run_result& run) {
  const auto verdict_first = summarize(run);
  auto out = fmt::format("### {} {}: {}\n\n{}\n\n", sign_of(verdict_first.tone), verdict_first.word,
                         markdown_escaped(subject(run)), markdown_escaped(verdict_first.why));
  if (!run.expectations.empty()) {
    out += "| | expectation | expected | observed |\n|:-:|:--|:--|:--|\n";
    for (const auto& each : run.expectations) {
      out += fmt::format("| {} | {} | {} | {} |\n", sign_of(each.verdict),
                         markdown_escaped(each.sentence), markdown_escaped(each.expected),
                         markdown_escaped(each.observed));
    }
    out += '\n';
  }
  if (run.generator.limited) {
    out += fmt::format("**The generator was the limit:** {}\n\n",
                       markdown_escaped(run.generator.sentence));
  }
  out += findings_block(run);
  out += faults_table(run);
  out += ends_sentence(run);
  out += "<details><summary>Account and how to run it again</summary>\n\n";
  if (!run.measured.flows.empty()) out += delivery_table(run) + '\n';
  out += markdown_code_block(reproduce_command(run));
  out += fmt::format("\n{} \u00b7 seed {} \u00b7 gauntlet {} \u00b7 {}\n\n</details>\n",
                     record::to_iso8601(run.started), run.scenario.seed,
                     markdown_escaped(run.tool_version), markdown_escaped(run.environment.host));
  return out;
}

}  // namespace gauntlet::reports
