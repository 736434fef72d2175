#include <algorithm>

#include "reports/html_figures.hpp"
#include "reports/html_sections.hpp"
#include "reports/summary.hpp"

namespace gauntlet::reports {
namespace {

using record::verdict;

// The line of the scenario as run that `where` names, if it does.
std::string line_of(const record::run_result& run, const std::string& where) {
  const auto prefix = run.scenario.path + ":";
  if (where.rfind(prefix, 0) != 0) return "";
  const auto line = where.substr(prefix.size());
  const auto is_number = !line.empty() && line.find_first_not_of("0123456789") == std::string::npos;
  return is_number ? line : "";
}

page_data& add_fact(page_data& page, std::string_view label) {
  return page.add("facts").text("label", std::string(label)).flag("has_aside", false);
}

void add_facts(page_data& page, const record::run_result& run) {
  const auto& measured = run.measured;
  record::connection_account connections;
  for (const auto& each : measured.connections) record::merge(connections, each);
  const auto account = total_of(measured);
  record::histogram latency;
  for (const auto& each : measured.flows) latency.merge(each.latency_from_schedule);

  auto& connected = add_fact(page, "Connections");
  add_count(connected, "figure_of", "/measured/connections/*/connected", connections.connected);
  connected.flag("has_aside", true)
      .text("aside", "for " + plain(count_of(connections.planned)) + " devices");
  auto& sent = add_fact(page, "Messages sent");
  add_count(sent, "figure_of", "/measured/flows/*/account/sent", account.sent);
  sent.flag("has_aside", true).text("aside", plain(rate_of(account.sent, run.duration)));
  auto& delivered = add_fact(page, "Deliveries");
  add_count(delivered, "figure_of", "/measured/flows/*/account/delivered", account.delivered);
  delivered.flag("has_aside", true)
      .text("aside", "of " + plain(count_of(account.expected_deliveries)) + " expected");
  auto& lost = add_fact(page, "Lost");
  add_trouble(lost, "figure_of", "/measured/flows/*/account/lost", account.lost,
              account.lost == total_of(measured, 0).lost);
  if (account.uncertain != 0) {
    lost.flag("has_aside", true).text("aside", plain(count_of(account.uncertain)) + " uncertain");
  }
  auto& p99 = add_fact(page, "99 % arrive within");
  if (latency.empty()) {
    p99.figure("figure_of", {"\u2013", ""}, "", "");
  } else {
    add_duration(p99, "figure_of", "/measured/flows/*/latency_from_schedule/p99_ns",
                 latency.percentile(99));
  }
  p99.flag("has_aside", true).text("aside", "of their scheduled time");
}

}  // namespace

void add_overview(page_data& page, const record::run_result& run) {
  const auto first = summarize(run);
  page.text("tone", std::string(name(first.tone)))
      .text("verdict_word", first.word)
      .text("verdict_why", first.why)
      .text("subject", subject(run))
      .text("scenario_name", run.scenario.name)
      .text("scenario_description", run.scenario.description)
      .flag("simulated", run.scenario.simulated)
      .text("started", record::to_iso8601(run.started))
      .text("started_words", record::to_iso8601(run.started).substr(0, 10) + " " +
                                 record::to_iso8601(run.started).substr(11, 8) + " UTC")
      .text("target_words", run.target.product.empty() ? run.target.given : run.target.product)
      .text("seed", std::to_string(run.scenario.seed));
  add_duration(page, "duration", "/duration_ns", run.duration);
  add_facts(page, run);
  page.flag("has_expectations", !run.expectations.empty());
  for (const auto& each : run.expectations) {
    const auto line = line_of(run, each.where);
    auto& row = page.add("expectation_rows");
    row.text("row_tone", std::string(name(each.verdict)))
        .text("outcome", std::string(outcome_words(each.verdict)))
        .text("id", each.id)
        .text("sentence", each.sentence)
        .text("expected", each.expected)
        .text("observed", each.observed)
        .text("where", each.where)
        .text("where_line", line)
        .flag("has_line", !line.empty());
    if (!is_success(each.verdict) && each.verdict != verdict::skipped) {
      page.add("reasons")
          .text("row_tone", std::string(name(each.verdict)))
          .text("sentence", each.sentence)
          .text("observed", each.observed)
          .text("expected", each.expected);
    }
  }
}

}  // namespace gauntlet::reports
