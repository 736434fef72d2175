#include <algorithm>
#include <string_view>

#include <fmt/format.h>

#include "harness/base/units.hpp"
#include "reports/conformance/conformance_reports.hpp"
#include "reports/conformance/conformance_summary.hpp"
#include "reports/escape.hpp"
#include "reports/figures.hpp"

namespace gauntlet::reports {
namespace {

using record::test_verdict;
using record::verdict;

// So many lines of a list stay readable in a comment.
constexpr std::size_t rows_max = 10;

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

std::string and_more(std::size_t all) {
  if (all <= rows_max) return "\n";
  return fmt::format("\n\u2026 and {} more.\n\n", format_count(all - rows_max));
}

std::string versions_table(const record::conformance_result& result) {
  std::string out =
      "| | statements kept | of testable | duties without a number kept | tests passed | failed | "
      "unstable | undecided |\n|:--|--:|--:|--:|--:|--:|--:|--:|\n";
  for (const auto& totals : result.totals) {
    const auto counts = record::count_verdicts(result, totals.version);
    if (counts.total() == 0) continue;
    out += fmt::format(
        "| **MQTT {}** | {} | {} | {} of {} | {} of {} | {} | {} | {} |\n", totals.version,
        totals.numbered_kept, totals.numbered_testable, totals.other_kept, totals.other_testable,
        format_count(counts[test_verdict::pass]), format_count(counts.total()),
        format_count(counts[test_verdict::fail]), format_count(counts[test_verdict::unstable]),
        format_count(counts[test_verdict::blocked] + counts[test_verdict::inconclusive]));
  }
  return out + '\n';
}

std::string expectations_table(const record::expectation_comparison& with) {
  if (with.differences.empty()) return "";
  std::string out = "| | test | expected | observed |\n|:--|:--|:--|:--|\n";
  for (std::size_t i = 0; i < std::min(rows_max, with.differences.size()); ++i) {
    const auto& each = with.differences[i];
    out += fmt::format("| {} | {} ({}) | {} | {} |\n", words_of(each.change),
                       markdown_escaped(each.test), each.version, markdown_escaped(each.expected),
                       markdown_escaped(each.observed));
  }
  return out + and_more(with.differences.size());
}

std::string causes_list(const record::conformance_result& result) {
  std::vector<const record::cause_group*> shown;
  for (const auto& each : result.groups) {
    if (each.verdict != test_verdict::skipped) shown.push_back(&each);
  }
  if (shown.empty()) return "";
  std::string out;
  for (std::size_t i = 0; i < std::min(rows_max, shown.size()); ++i) {
    out += fmt::format("- {} {}\n", sign_of(tone_of(shown[i]->verdict)),
                       markdown_escaped(shown[i]->sentence));
  }
  return out + and_more(shown.size());
}

std::string failures_table(const record::conformance_result& result) {
  const auto failures = failures_of(result);
  if (failures.empty()) return "";
  std::string out = "| test | | expected | observed |\n|:--|:--|:--|:--|\n";
  for (std::size_t i = 0; i < std::min(rows_max, failures.size()); ++i) {
    const auto& test = *failures[i];
    const auto none = record::divergence_record{.observed = test.reason};
    const auto& seen = test.divergence ? *test.divergence : none;
    out += fmt::format("| {}<br>{} | {} | {} | {} |\n", markdown_escaped(test.id),
                       markdown_escaped(test.title), test.version, markdown_escaped(seen.expected),
                       markdown_escaped(seen.observed));
  }
  return out + and_more(failures.size());
}

}  // namespace

std::string to_markdown(const record::conformance_result& result) {
  const auto first = summarize(result);
  auto out =
      fmt::format("### {} {}: MQTT conformance of {}\n\n{}\n\n", sign_of(first.tone), first.word,
                  markdown_escaped(subject(result)), markdown_escaped(first.why));
  out += versions_table(result);
  if (result.expectations) out += expectations_table(*result.expectations);
  out += causes_list(result);
  out += "<details><summary>Failures, and how to run it again</summary>\n\n";
  out += failures_table(result);
  out += markdown_code_block(reproduce_command(result.command_line, result.seed));
  out += fmt::format("\n{} \u00b7 {} \u00b7 seed {} \u00b7 gauntlet {}\n\n</details>\n",
                     record::to_iso8601(result.started), plain(duration_of(result.duration)),
                     result.seed, markdown_escaped(result.tool_version));
  return out;
}

}  // namespace gauntlet::reports
