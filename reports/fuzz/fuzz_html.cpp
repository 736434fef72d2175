#include <algorithm>

#include <fmt/format.h>

#include "harness/base/units.hpp"
#include "harness/base/utf8.hpp"
#include "reports/escape.hpp"
#include "reports/fuzz/fuzz_reports.hpp"
#include "reports/page_data.hpp"
#include "reports/summary.hpp"

namespace gauntlet::reports {
namespace {

using record::fuzz_result;

/// A count over time, from nothing to its end, as an SVG path in a box of 1000 by 200.
std::string path_of(const fuzz_result& result, std::uint64_t record::fuzz_sample::*count,
                    std::uint64_t end) {
  constexpr double width = 1000;
  constexpr double height = 196;
  const double seconds = std::max(result.seconds, 0.001);
  const double top = std::max<double>(1, static_cast<double>(end));
  std::string path = fmt::format("M0 {:.1f}", height);
  for (const auto& each : result.samples) {
    path += fmt::format(" L{:.1f} {:.1f}", std::min(width, each.second / seconds * width),
                        height - static_cast<double>(each.*count) / top * (height - 4));
  }
  return path;
}

void add_fact(page_data& page, std::string value, std::string what) {
  page.add("facts").text("value", std::move(value)).text("what", std::move(what));
}

void add_facts(page_data& page, const fuzz_result& result) {
  const double seconds = std::max(result.seconds, 0.001);
  add_fact(page, format_count(result.executions), "inputs");
  add_fact(page, format_count(result.packets), "packets");
  add_fact(page, fmt::format("{:.0f}", static_cast<double>(result.packets) / seconds),
           "packets a second");
  add_fact(page, format_count(result.connections), "connections");
  add_fact(page, format_count(result.behaviours), "behaviours");
  if (result.edges > 0) add_fact(page, format_count(result.edges), "edges of the broker's code");
  add_fact(page, format_count(result.corpus), "inputs kept");
  add_fact(page, format_count(result.restarts), "restarts of the broker");
  add_fact(page, format_count(result.false_alarms), "alarms cleared by a fresh connection");
  if (result.stability_tries > 0) {
    add_fact(page,
             fmt::format("{:.0f} %", 100.0 * static_cast<double>(result.stability_same) /
                                         static_cast<double>(result.stability_tries)),
             "of repeated inputs did the same again");
  }
  if (result.share_in_vain() >= share_in_vain_shown) {
    add_fact(page, fmt::format("{:.0f} %", 100.0 * result.share_in_vain()),
             "of the time waiting for answers that did not come");
  }
  if (result.memory_growth_per_thousand > 0) {
    add_fact(page, plain(bytes_of(static_cast<std::uint64_t>(result.memory_growth_per_thousand))),
             "more memory per thousand inputs, sessions that they leave behind included");
  }
}

void add_findings(page_data& page, const fuzz_result& result) {
  page.flag("has_findings", !result.findings.empty());
  for (const auto& each : result.findings) {
    page.add("findings")
        .text("steadiness", each.flaky ? "flaky" : "steady")
        .text("id", each.id)
        .text("kind", std::string(record::name(each.kind)) + (each.flaky ? " (flaky)" : ""))
        .text("sentence", each.sentence)
        .text("replayed", std::to_string(each.replayed))
        .text("replays", std::to_string(each.replays))
        .text("times", format_count(each.times_seen))
        .text("first", fmt::format("{:.1f}", each.first_second))
        .text("size",
              fmt::format("{} step(s), {} bytes on {} connection(s), of {} step(s) and {} bytes",
                          each.minimised.packets, each.minimised.bytes, each.minimised.connections,
                          each.found.packets, each.found.bytes))
        .flag("has_statement", !each.statement.empty() || !each.section.empty())
        .text("statement", each.statement.empty() ? "section " + each.section : each.statement)
        .text("configuration", each.configuration)
        .text("script", each.script)
        .text("command", each.replay_command)
        .flag("has_log", !each.log_tail.empty())
        .text("log", each.log_tail);
  }
}

void add_states(page_data& page, const fuzz_result& result) {
  for (const std::string& each : result.packet_names) page.add("columns").text("name", each);
  for (const auto& row : result.states) {
    page_data& line = page.add("rows");
    line.text("state", row.state);
    for (std::size_t i = 0; i < row.sent.size(); ++i) {
      const std::uint64_t answered = i < row.answered.size() ? row.answered[i] : 0;
      line.add("cells")
          .text("sent", format_count(row.sent[i]))
          .text("answered", format_count(answered))
          .text("emptiness", row.sent[i] == 0 ? "none" : "");
    }
  }
}

}  // namespace

std::string to_html(const fuzz_result& result) {
  const bool is_clean = result.findings.empty();
  const bool is_flaky = !is_clean && result.steady_findings() == 0;
  page_data page;
  page.text("style", asset("report.css") + asset("run_matrix.css") + asset("fuzz.css"))
      .text("watch_script", asset("watch.js"))
      .text("product", result.product.empty() ? result.target : result.product)
      .text("tone", is_clean   ? "pass"
                    : is_flaky ? "warn"
                               : "fail")
      .text("summary", summary_of(result))
      .text("mode", result.mode)
      .text("seed", std::to_string(result.seed))
      .flag("interrupted", result.interrupted)
      .text("behaviours", format_count(result.behaviours))
      .text("seconds", fmt::format("{:.0f}", result.seconds))
      .text("behaviour_path", path_of(result, &record::fuzz_sample::behaviours, result.behaviours))
      .flag("has_edges", result.edges > 0)
      .text("edges", format_count(result.edges))
      .text("edge_path", path_of(result, &record::fuzz_sample::edges, result.edges))
      .text("command", reproduce_words(result.command_line));
  for (const std::string& each : result.remarks) page.add("remarks").text("remark", each);
  add_facts(page, result);
  add_findings(page, result);
  add_states(page, result);
  return to_valid_utf8(render("fuzz", page));
}

}  // namespace gauntlet::reports
