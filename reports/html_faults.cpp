#include <algorithm>
#include <chrono>
#include <string>

#include <fmt/format.h>

#include "harness/base/units.hpp"
#include "reports/html_figures.hpp"
#include "reports/html_sections.hpp"
#include "reports/witness.hpp"

namespace gauntlet::reports {
namespace {

// A guarantee is no expectation of the scenario's author: it holds or does not.
std::string_view verdict_words(record::verdict value) {
  switch (value) {
    case record::verdict::skipped:
      return "not asked";
    case record::verdict::pass:
      return "kept";
    case record::verdict::warn:
      return "kept, with a warning";
    case record::verdict::inconclusive:
      return "undecided";
    case record::verdict::fail:
      return "broken";
  }
  return "";
}

std::string seconds_text(duration time) {
  if (time < duration::zero()) return "\u2013";
  return fmt::format("{:.6f}", std::chrono::duration<double>(time).count());
}

std::string counts_text(const record::guarantee_record& guarantee) {
  std::string text;
  for (const auto& each : guarantee.counts) {
    text +=
        fmt::format("{}{} {}", text.empty() ? "" : ", ", format_count(each.count), each.class_name);
  }
  return text;
}

void add_fault_rows(page_data& page, const record::run_result& run) {
  for (std::size_t i = 0; i < run.faults.size(); ++i) {
    const auto& each = run.faults[i];
    auto& row = page.add("fault_rows");
    row.text("fault_name", each.name).text("what", each.what).text("times", times_of(each));
    add_count(row, "strikes", fmt::format("/faults/{}/strikes", i), each.strikes);
  }
  page.flag("has_faults", !run.faults.empty());
}

void add_finding(page_data& page, const record::guarantee_record& guarantee,
                 const record::finding_record& finding) {
  auto& item = page.add("findings");
  item.text("row_tone", std::string(name(finding.verdict)))
      .text("rule", guarantee.rule)
      .text("class_name", finding.class_name)
      .text("sentence", finding.sentence)
      .flag("is_open", finding.verdict == record::verdict::fail)
      .flag("has_witness", !finding.witness.empty());
  for (const auto& packet : finding.witness) {
    item.add("packets")
        .text("sent", seconds_text(packet.sent))
        .text("passed", seconds_text(packet.passed))
        .text("connection", packet.connection)
        .text("way", packet.to_broker ? "to broker" : "to client")
        .text("packet", packet.packet)
        .text("fault", packet.fault)
        .flag("is_lost", packet.passed < duration::zero());
  }
}

}  // namespace

void add_faults(page_data& page, const record::run_result& run) {
  add_fault_rows(page, run);
  std::size_t asked = 0;
  std::string not_asked;
  for (std::size_t i = 0; i < run.guarantees.size(); ++i) {
    const auto& each = run.guarantees[i];
    if (each.verdict == record::verdict::skipped) {
      not_asked += (not_asked.empty() ? "" : ", ") + each.rule;
      continue;
    }
    ++asked;
    auto& row = page.add("guarantee_rows");
    row.text("row_tone", std::string(name(each.verdict)))
        .text("outcome", std::string(verdict_words(each.verdict)))
        .text("rule", each.rule)
        .text("title", each.title)
        .text("found", counts_text(each));
    add_count(row, "asked", fmt::format("/guarantees/{}/asked", i), each.asked);
    for (const auto& finding : each.findings) add_finding(page, each, finding);
  }
  page.flag("has_guarantees", !run.guarantees.empty())
      .flag("has_asked", asked != 0)
      .flag("has_not_asked", !not_asked.empty())
      .text("not_asked", not_asked)
      .flag("has_findings", page.lists().contains("findings"));
}

}  // namespace gauntlet::reports
