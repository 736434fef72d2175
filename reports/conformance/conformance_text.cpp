#include <algorithm>
#include <string_view>

#include <fmt/format.h>

#include "harness/base/units.hpp"
#include "harness/record/conformance_matrix.hpp"
#include "reports/conformance/conformance_reports.hpp"
#include "reports/conformance/conformance_summary.hpp"
#include "reports/escape.hpp"
#include "reports/figures.hpp"
#include "reports/terminal.hpp"

namespace gauntlet::reports {
namespace {

using record::test_verdict;

constexpr std::size_t groups_max = 12;
constexpr std::size_t failures_max = 20;

std::string and_more(std::size_t all, std::size_t shown_max) {
  return all <= shown_max ? "" : fmt::format("  ... and {} more\n", format_count(all - shown_max));
}

std::string versions_text(const record::conformance_result& result) {
  std::string out;
  for (const auto& totals : result.totals) {
    const auto counts = record::count_verdicts(result, totals.version);
    if (counts.total() == 0) continue;
    out += fmt::format("  MQTT {:<6} {}\n{:>14}{}\n", totals.version, counts_words(counts), "",
                       coverage_words(totals));
  }
  return out.empty() ? out : out + '\n';
}

// Failures without company have a line of their own below.
bool is_told_below(const record::cause_group& of) {
  const auto failed = of.verdict == test_verdict::fail || of.verdict == test_verdict::unstable;
  return failed && of.tests.size() < 2;
}

std::string groups_text(const record::conformance_result& result, const text_options& options) {
  std::string out;
  std::size_t all = 0;
  for (const auto& each : result.groups) {
    if (is_told_below(each) || all++ >= groups_max) continue;
    out += fmt::format(
        "  {}  {}\n",
        in_colour(options, tone_of(each.verdict), fmt::format("{:<12}", name(each.verdict))),
        printable(each.sentence));
  }
  return out.empty() ? out : "Causes\n" + out + and_more(all, groups_max) + '\n';
}

// A line of a terminal: whole packets stand in the report.
std::string clipped(const std::string& text) {
  constexpr std::size_t bytes_max = 200;
  if (text.size() <= bytes_max) return text;
  auto end = bytes_max;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80U) --end;
  return text.substr(0, end) + "...";
}

struct failure_line {
  const record::test_record* test;
  std::string versions;
};

// A test that fails on both versions in the same way is one line.
std::vector<failure_line> failure_lines(const record::conformance_result& result) {
  std::vector<failure_line> lines;
  for (const auto* test : failures_of(result)) {
    const auto same = std::find_if(lines.begin(), lines.end(), [&](const failure_line& line) {
      return line.test->id == test->id && line.test->verdict == test->verdict &&
             record::finding_of(*line.test) == record::finding_of(*test);
    });
    if (same == lines.end()) {
      lines.push_back({test, test->version});
    } else {
      same->versions += ", " + test->version;
    }
  }
  return lines;
}

std::string failures_text(const record::conformance_result& result, const text_options& options) {
  const auto lines = failure_lines(result);
  if (lines.empty()) return "";
  std::string out = "Failures\n";
  for (std::size_t i = 0; i < std::min(failures_max, lines.size()); ++i) {
    const auto& test = *lines[i].test;
    const auto* level = test.level == record::requirement_level::must ? "" : " (no MUST)";
    out += fmt::format(
        "  {}  {:<10}  {}{}: {}\n",
        in_colour(options, tone_of(test.verdict), fmt::format("{:<12}", name(test.verdict))),
        lines[i].versions, printable(test.id), level, printable(clipped(record::finding_of(test))));
  }
  return out + and_more(lines.size(), failures_max) + '\n';
}

std::string expectations_text(const record::conformance_result& result,
                              const text_options& options) {
  if (!result.expectations || result.expectations->differences.empty()) return "";
  const auto& all = result.expectations->differences;
  auto out = fmt::format("Against {}\n", printable(result.expectations->file));
  for (std::size_t i = 0; i < std::min(failures_max, all.size()); ++i) {
    out += fmt::format(
        "  {}  {:<5}  {}: expected {}, observed {}\n",
        in_colour(options, record::verdict::fail, fmt::format("{:<15}", words_of(all[i].change))),
        all[i].version, printable(all[i].test), printable(all[i].expected),
        printable(all[i].observed));
  }
  return out + and_more(all.size(), failures_max) + '\n';
}

}  // namespace

std::string to_text(const record::conformance_result& result, const text_options& options,
                    const std::string& report) {
  const auto first = summarize(result);
  auto out = fmt::format("\n{}  MQTT conformance of {}  ({}, seed {})\n{}\n\n",
                         headline(options, first.tone, first.word), printable(subject(result)),
                         plain(duration_of(result.duration)), result.seed, printable(first.why));
  out += versions_text(result);
  out += groups_text(result, options);
  out += result.expectations ? expectations_text(result, options) : failures_text(result, options);
  if (!report.empty()) out += fmt::format("Report: {}\n", printable(report));
  out += fmt::format("Again: {}\n", printable(reproduce_command(result.command_line, result.seed)));
  return out;
}

}  // namespace gauntlet::reports
