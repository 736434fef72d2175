#include "reports/text.hpp"

#include <algorithm>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "harness/base/units.hpp"
#include "reports/escape.hpp"
#include "reports/figures.hpp"
#include "reports/summary.hpp"
#include "reports/terminal.hpp"
#include "reports/witness.hpp"

namespace gauntlet::reports {
namespace {

using record::verdict;

// Of each guarantee; result.json holds more.
constexpr std::size_t findings_shown = 2;

// Characters on the screen, for UTF-8 without wide or combining ones.
std::size_t width_of(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
  }));
}

// Rows of cells, each column as wide as its widest cell.
class table {
 public:
  enum class align { left, right };
  explicit table(std::vector<align> columns) : columns_(std::move(columns)) {}

  void row(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }

  std::string text() const {
    std::string out;
    for (const auto& cells : rows_) {
      std::string line = " ";
      for (std::size_t i = 0; i < cells.size(); ++i) {
        const std::string gap(column_width(i) - width_of(cells[i]), ' ');
        line += columns_[i] == align::left ? " " + cells[i] + gap : " " + gap + cells[i];
        line += ' ';
      }
      line.erase(line.find_last_not_of(' ') + 1);
      out += line + '\n';
    }
    return out;
  }

 private:
  std::size_t column_width(std::size_t column) const {
    std::size_t widest = 0;
    for (const auto& cells : rows_) {
      if (column < cells.size()) widest = std::max(widest, width_of(cells[column]));
    }
    return widest;
  }

  std::vector<align> columns_;
  std::vector<std::vector<std::string>> rows_;
};

std::string expectations_text(const record::run_result& run, const text_options& options) {
  std::size_t widest = 0;
  for (const auto& each : run.expectations) {
    widest = std::max(widest, width_of(printable(each.sentence)));
  }
  std::string out;
  for (const auto& each : run.expectations) {
    const auto sentence = printable(each.sentence);
    const std::string gap(widest - width_of(sentence), ' ');
    out += fmt::format("  {}  {}{}  {}",
                       in_colour(options, each.verdict, fmt::format("{:<12}", name(each.verdict))),
                       sentence, gap, printable(each.observed));
    if (!is_success(each.verdict)) {
      out += fmt::format("  (expected {})", printable(each.expected));
      if (!each.where.empty()) out += "  " + printable(each.where);
    }
    out += '\n';
    if (const auto* guarantee = guarantee_of(run, each); guarantee != nullptr) {
      out += findings_text(*guarantee, "      ", findings_shown);
    }
  }
  return out.empty() ? out : out + '\n';
}

std::string faults_text(const record::run_result& run) {
  if (run.faults.empty()) return "";
  using enum table::align;
  table rows({left, left, left, right});
  rows.row({"fault", "what it does", "active", "strikes"});
  for (const auto& each : run.faults) {
    rows.row(
        {printable(each.name), printable(each.what), times_of(each), format_count(each.strikes)});
  }
  return rows.text() + '\n';
}

std::string not_asked_text(const record::run_result& run) {
  std::string rules;
  for (const auto& each : run.guarantees) {
    if (each.verdict != verdict::skipped) continue;
    rules += (rules.empty() ? "" : ", ") + printable(each.rule);
  }
  return rules.empty() ? rules : fmt::format("  Nothing in this run asked for {}.\n\n", rules);
}

std::string delivery_text(const record::run_result& run) {
  if (run.measured.flows.empty()) return "";
  using enum table::align;
  table rows({left, right, right, right, right, right, right, right, right, right, right, right});
  rows.row({"group", "QoS", "planned", "sent", "acked", "expected", "delivered", "lost",
            "uncertain", "duplicated", "reordered", "p99"});
  for (const auto& flow : run.measured.flows) {
    const auto& account = flow.account;
    rows.row({printable(record::label_of(flow)), std::to_string(flow.qos),
              format_count(account.planned), format_count(account.sent),
              flow.qos == 0 ? "-" : format_count(account.acknowledged),
              format_count(account.expected_deliveries), format_count(account.delivered),
              format_count(account.lost), format_count(account.uncertain),
              format_count(account.duplicated), format_count(account.reordered),
              flow.latency_from_schedule.empty()
                  ? "-"
                  : plain(duration_of(flow.latency_from_schedule.percentile(99)))});
  }
  return rows.text() + '\n';
}

std::string requests_text(const record::run_result& run) {
  if (run.measured.requests.empty()) return "";
  using enum table::align;
  table rows({left, right, right, right, right, right, right, right});
  rows.row({"group", "requests", "answered", "timed out", "unfinished", "twice", "wrong",
            "response p99"});
  for (const auto& each : run.measured.requests) {
    rows.row(
        {printable(each.group), format_count(each.requests), format_count(each.answered),
         format_count(each.timed_out), format_count(each.unfinished),
         format_count(each.answered_twice), format_count(each.wrong_correlation),
         each.response_time.empty() ? "-" : plain(duration_of(each.response_time.percentile(99)))});
  }
  return rows.text() + '\n';
}

std::string connections_text(const record::run_result& run) {
  std::uint64_t planned = 0;
  std::uint64_t first_time = 0;
  record::counted_reasons failures;
  record::counted_reasons disconnects;
  record::counted_reasons by_faults;
  for (const auto& each : run.measured.connections) {
    planned += each.planned;
    first_time += each.connected - std::min(each.connected, each.reconnected);
    failures.merge(each.failures);
    disconnects.merge(each.unexpected_disconnects);
    by_faults.merge(each.disconnected_by_faults);
  }
  auto out =
      fmt::format("  {} of {} devices connected", format_count(first_time), format_count(planned));
  const bool all_well = failures.empty() && disconnects.empty() && by_faults.empty();
  out += all_well ? "; no connection failed or was lost.\n" : "\n";
  for (const auto& [reason, times] : failures.counts()) {
    out += fmt::format("    {} failed: {}\n", format_count(times), printable(reason));
  }
  for (const auto& [reason, times] : disconnects.counts()) {
    out += fmt::format("    {} lost: {}\n", format_count(times), printable(reason));
  }
  for (const auto& [reason, times] : by_faults.counts()) {
    out += fmt::format("    {} disconnected by fault {}\n", format_count(times), printable(reason));
  }
  return out;
}

// "40 of 40 wills seen; 2,899 of 2,900 retained messages as they should be, 1 out of date."
std::string kept_text(const record::measurements& measured) {
  std::string out;
  const auto add = [&](const std::string& clause) { out += (out.empty() ? "  " : "; ") + clause; };
  if (const auto& wills = measured.wills; wills != record::will_account{}) {
    add(fmt::format("{} of {} wills seen", format_count(wills.delivered),
                    format_count(wills.expected)));
    if (wills.unexpected > 0) out += fmt::format(", {} unexpected", format_count(wills.unexpected));
  }
  if (const auto& retained = measured.retained; retained.expected > 0) {
    add(fmt::format("{} of {} retained messages as they should be",
                    format_count(retained.delivered), format_count(retained.expected)));
    if (retained.missing > 0) out += fmt::format(", {} missing", format_count(retained.missing));
    if (retained.stale > 0) out += fmt::format(", {} out of date", format_count(retained.stale));
  }
  std::uint64_t resumed = 0;
  std::uint64_t lost = 0;
  for (const auto& each : measured.connections) {
    resumed += each.sessions_resumed;
    lost += each.sessions_lost;
  }
  if (resumed + lost > 0) {
    add(fmt::format("{} of {} sessions resumed", format_count(resumed),
                    format_count(resumed + lost)));
  }
  return out.empty() ? out : out + ".\n";
}

std::string recoveries_text(const record::measurements& measured) {
  std::string out;
  for (const auto& each : measured.recoveries) {
    const auto all = each.recovered_after(100);
    out += fmt::format("  {}: {} devices concerned, {}\n", printable(each.name),
                       format_count(each.concerned),
                       all ? "all back within " + plain(duration_of(*all)) + "."
                           : format_count(each.back_after.count()) + " came back.");
  }
  return out;
}

}  // namespace

std::string to_text(const record::run_result& run, const text_options& options) {
  const auto verdict_first = summarize(run);
  const auto word = headline(options, verdict_first.tone, verdict_first.word);
  auto out = fmt::format("\n{}  {}  ({}, seed {})\n{}\n\n", word, printable(subject(run)),
                         plain(duration_of(run.duration)), run.scenario.seed,
                         printable(verdict_first.why));
  for (const auto& [label, items] :
       {std::pair("With", &run.scenario.parameters), std::pair("Scaled", &run.scenario.scaled)}) {
    for (std::size_t i = 0; i < items->size(); ++i) {
      out += (i == 0 ? fmt::format("{}: ", label) : "; ") + printable((*items)[i]);
    }
    if (!items->empty()) out += "\n\n";
  }
  out += expectations_text(run, options);
  out += not_asked_text(run);
  out += faults_text(run);
  out += delivery_text(run);
  out += requests_text(run);
  out += connections_text(run);
  out += recoveries_text(run.measured);
  out += kept_text(run.measured);
  if (!run.generator.sentence.empty()) {
    out += fmt::format("  Generator the limit? {} {}\n", run.generator.limited ? "Yes." : "No.",
                       printable(run.generator.sentence));
  }
  out += fmt::format("\nAgain: {}\n", printable(reproduce_command(run)));
  return out;
}

}  // namespace gauntlet::reports
