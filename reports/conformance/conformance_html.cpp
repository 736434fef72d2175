#include <array>

#include <fmt/format.h>

#include "harness/base/units.hpp"
#include "harness/base/utf8.hpp"
#include "harness/record/conformance_json.hpp"
#include "reports/conformance/conformance_reports.hpp"
#include "reports/conformance/conformance_summary.hpp"
#include "reports/escape.hpp"
#include "reports/figures.hpp"
#include "reports/page_data.hpp"

namespace gauntlet::reports {
namespace {

using record::test_verdict;

constexpr std::array gravity{test_verdict::fail,    test_verdict::unstable,
                             test_verdict::blocked, test_verdict::inconclusive,
                             test_verdict::variant, test_verdict::skipped,
                             test_verdict::pass};

void add_version(page_data& page, const record::conformance_result& result,
                 const record::catalogue_totals& totals) {
  const auto counts = record::count_verdicts(result, totals.version);
  if (counts.total() == 0) return;
  const auto untested =
      totals.numbered_testable - std::min(totals.numbered_testable, totals.numbered_tested);
  const auto hidden = totals.numbered - totals.numbered_testable;
  auto& to = page.add("versions");
  to.text("version", totals.version)
      .text("kept", format_count(totals.numbered_kept))
      .text("testable", format_count(totals.numbered_testable))
      .text("tested", format_count(totals.numbered_tested))
      .text("untested", format_count(untested))
      .flag("has_untested", untested != 0)
      .text("broken", format_count(totals.numbered_broken))
      .flag("has_broken", totals.numbered_broken != 0)
      .text("hidden", format_count(hidden))
      .flag("has_hidden", hidden != 0)
      .text("numbered", format_count(totals.numbered))
      .text("other_kept", format_count(totals.other_kept))
      .text("other_testable", format_count(totals.other_testable))
      .text("other_broken", format_count(totals.other_broken))
      .text("counts", counts_words(counts));
  for (const auto each : gravity) {
    if (counts[each] == 0) continue;
    to.add("segments")
        .text("verdict", std::string(name(each)))
        .text("words", std::string(words_of(each)))
        .text("count", std::to_string(counts[each]))
        .text("shown", format_count(counts[each]));
  }
}

void add_head(page_data& page, const record::conformance_result& result) {
  const auto first = summarize(result);
  const auto started = record::to_iso8601(result.started);
  page.text("tone", std::string(name(first.tone)))
      .text("verdict_word", first.word)
      .text("verdict_why", first.why)
      .text("subject", subject(result))
      .text("started", started)
      .text("started_words", started.substr(0, 10) + " " + started.substr(11, 8) + " UTC")
      .text("duration", plain(duration_of(result.duration)))
      .text("test_count", format_count(result.tests.size()))
      .text("seed", std::to_string(result.seed))
      .text("tool_version", result.tool_version);
  for (const auto& each : result.totals) add_version(page, result, each);
}

void add_expectations(page_data& page, const record::conformance_result& result) {
  page.flag("has_expectations", result.expectations.has_value());
  if (!result.expectations) return;
  const auto& with = *result.expectations;
  page.text("expectation_file", with.file)
      .text("entries", format_count(with.entries))
      .text("met", format_count(with.met))
      .flag("has_differences", !with.differences.empty());
  for (const auto& each : with.differences) {
    const auto is_better = each.change == record::expectation_change::unexpected_pass;
    // Only addresses of the web become links: the file may come from anybody.
    const auto is_address =
        each.issue.rfind("https://", 0) == 0 || each.issue.rfind("http://", 0) == 0;
    page.add("differences")
        .text("row_tone", is_better ? "warn" : "fail")
        .text("change", std::string(words_of(each.change)))
        .text("test", each.test)
        .text("version", each.version)
        .text("expected", each.expected)
        .text("observed", each.observed)
        .text("reason", each.reason)
        .text("issue", each.issue)
        .flag("has_issue", is_address);
  }
}

void add_causes(page_data& page, const record::conformance_result& result) {
  page.flag("has_causes", !result.groups.empty());
  for (std::size_t i = 0; i < result.groups.size(); ++i) {
    page.add("causes")
        .text("index", std::to_string(i))
        .text("verdict", std::string(name(result.groups[i].verdict)))
        .text("sentence", result.groups[i].sentence);
  }
}

void add_capabilities(page_data& page, const record::conformance_result& result) {
  page.flag("has_capabilities", !result.capabilities.empty());
  for (const auto& each : result.capabilities) {
    page.add("capabilities")
        .text("capability", each.name)
        .text("value", each.value)
        .text("source", each.source);
  }
}

std::string joined(const std::vector<std::string>& words) {
  std::string all;
  for (const auto& each : words) all += (all.empty() ? "" : ", ") + each;
  return all;
}

void add_run(page_data& page, const record::conformance_result& result) {
  const auto& options = result.options;
  const auto& where = result.environment;
  const auto add = [&](std::string_view label, std::string value) {
    if (value.empty()) return;
    page.add("run_facts").text("label", std::string(label)).text("value", std::move(value));
  };
  page.text("again", reproduce_command(result.command_line, result.seed));
  add("Target", result.target.given);
  add("Address", result.target.url);
  add("Second target", options.second_target);
  add("Protocols", joined(options.protocols));
  add("Side by side", fmt::format("{} tests", options.jobs));
  add("SHOULDs", options.strict ? "count (--strict)" : "are remarks");
  if (options.fast) add("Selection", "fast: without long waits");
  add("Only", joined(options.only));
  add("Not", joined(options.skip));
  add("Timeouts stretched by", fmt::format("{:g}", options.timeout_scale));
  add("End", result.ending_sentence);
  add("Host", where.host);
  add("System", where.os);
  add("Kernel", where.kernel);
  add("Processor", fmt::format("{}, {} cores", where.cpu_model, where.cores));
}

}  // namespace

std::string to_html(const record::conformance_result& result) {
  page_data page;
  add_head(page, result);
  add_expectations(page, result);
  add_causes(page, result);
  add_capabilities(page, result);
  add_run(page, result);
  page.text("style", asset("report.css") + asset("conformance.css"))
      .text("watch_script", asset("watch.js"))
      .text("evidence_script", asset("conformance_evidence.js"))
      .text("page_script", asset("conformance.js"))
      .text("result_json", inside_script(record::to_compact_json(result)));
  return to_valid_utf8(render("conformance", page));
}

}  // namespace gauntlet::reports
