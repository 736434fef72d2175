#include "reports/run_matrix_page.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include <fmt/format.h>

#include "harness/base/units.hpp"
#include "harness/base/utf8.hpp"
#include "reports/escape.hpp"
#include "reports/page_data.hpp"
#include "reports/summary.hpp"

namespace gauntlet::reports {
namespace {

using record::run_matrix;
using record::run_matrix_row;
using record::verdict;

/// A column of figures.
struct column {
  std::string_view title;
  std::string (*text)(const run_matrix_row&);
};

std::string rate_text(double per_second) {
  if (per_second >= 100 || per_second == 0) {
    return format_count(static_cast<std::uint64_t>(std::llround(per_second))) + "/s";
  }
  return format_number(std::round(per_second * 10) / 10) + "/s";
}

std::string time_text(duration time) {
  return time == duration::zero() ? "\u2013" : plain(duration_of(time));
}

const std::vector<column>& columns() {
  static const std::vector<column> all{
      {"devices", [](const run_matrix_row& row) { return format_count(row.devices); }},
      {"connected", [](const run_matrix_row& row) { return format_count(row.connected); }},
      {"connect p99", [](const run_matrix_row& row) { return time_text(row.connect_time_p99); }},
      {"sent", [](const run_matrix_row& row) { return rate_text(row.sent_per_second); }},
      {"delivered", [](const run_matrix_row& row) { return rate_text(row.delivered_per_second); }},
      {"lost", [](const run_matrix_row& row) { return format_count(row.lost); }},
      {"duplicated", [](const run_matrix_row& row) { return format_count(row.duplicated); }},
      {"reordered", [](const run_matrix_row& row) { return format_count(row.reordered); }},
      {"latency p50", [](const run_matrix_row& row) { return time_text(row.latency_p50); }},
      {"latency p99", [](const run_matrix_row& row) { return time_text(row.latency_p99); }},
      {"latency max", [](const run_matrix_row& row) { return time_text(row.latency_max); }},
      {"broker memory",
       [](const run_matrix_row& row) {
         return row.broker_rss_bytes_max == 0 ? std::string("\u2013")
                                              : plain(bytes_of(row.broker_rss_bytes_max));
       }},
  };
  return all;
}

std::string_view verdict_word(const run_matrix_row& row) {
  if (row.folder.empty()) return "did not run";
  if (row.ending != record::ending::complete) return "broke off";
  switch (row.verdict) {
    case verdict::pass:
      return "passed";
    case verdict::warn:
      return "passed, with warnings";
    case verdict::inconclusive:
      return "undecided";
    case verdict::fail:
      return "failed";
    case verdict::skipped:
      break;
  }
  return "not judged";
}

std::string summary_of(const run_matrix& matrix) {
  const auto passed = std::count_if(matrix.rows.begin(), matrix.rows.end(), [](const auto& row) {
    return row.ending == record::ending::complete && row.verdict != verdict::fail &&
           row.verdict != verdict::inconclusive;
  });
  const auto ran = std::count_if(matrix.rows.begin(), matrix.rows.end(),
                                 [](const auto& row) { return !row.folder.empty(); });
  std::string text = fmt::format("{} of {} combinations passed", passed, matrix.rows.size());
  const auto left = static_cast<std::ptrdiff_t>(matrix.rows.size()) - ran;
  return left == 0 ? text : text + fmt::format(", {} did not run", left);
}

verdict worst_of(const run_matrix& matrix) {
  verdict worst = verdict::skipped;
  for (const run_matrix_row& row : matrix.rows) {
    worst = record::worst(worst, row.folder.empty() ? verdict::inconclusive : row.verdict);
  }
  return worst;
}

/// The expectations of the first row that has any; combinations differ in their bounds at most.
std::size_t expectation_count(const run_matrix& matrix) {
  std::size_t count = 0;
  for (const run_matrix_row& row : matrix.rows) count = std::max(count, row.expectations.size());
  return count;
}

/// "devices=100, qos=1".
std::string label_of(const run_matrix_row& row) {
  std::string label;
  for (const auto& [name, value] : row.values) {
    label += (label.empty() ? "" : ", ") + name + "=" + value;
  }
  return label;
}

/// The sentence of an expectation as the first row that has it says it.
const record::expectation_record& expectation_at(const run_matrix& matrix, std::size_t index) {
  return std::find_if(matrix.rows.begin(), matrix.rows.end(),
                      [&](const run_matrix_row& row) { return index < row.expectations.size(); })
      ->expectations[index];
}

void add_rows(page_data& page, const run_matrix& matrix) {
  for (const run_matrix_row& row : matrix.rows) {
    page_data& line = page.add("rows");
    line.text("tone", std::string(name(row.verdict)))
        .text("word", std::string(verdict_word(row)))
        .text("report", row.folder.empty() ? "" : row.folder + "/report.html")
        .flag("ran", !row.folder.empty())
        .text("remark", row.remark)
        .flag("has_remark", !row.remark.empty())
        .flag("limited", row.generator_limited);
    for (const auto& each : row.values) line.add("values").text("value", each.value);
    for (const column& each : columns()) line.add("cells").text("cell", each.text(row));
  }
}

void add_expectations(page_data& page, const run_matrix& matrix) {
  for (std::size_t i = 0; i < expectation_count(matrix); ++i) {
    page_data& line = page.add("judged");
    line.text("sentence", expectation_at(matrix, i).sentence);
    for (const run_matrix_row& row : matrix.rows) {
      const bool judged = i < row.expectations.size();
      line.add("outcomes")
          .text("tone", std::string(name(judged ? row.expectations[i].verdict : verdict::skipped)))
          .text("observed", judged ? row.expectations[i].observed : "\u2013")
          .text("expected", judged ? row.expectations[i].expected : "")
          .text("outcome",
                std::string(judged ? outcome_words(row.expectations[i].verdict) : "not judged"));
    }
  }
}

}  // namespace

std::string to_html(const run_matrix& matrix) {
  page_data page;
  page.text("style", asset("report.css") + asset("run_matrix.css"))
      .text("watch_script", asset("watch.js"))
      .text("scenario_name", matrix.scenario)
      .text("target", matrix.target)
      .text("tone", std::string(name(worst_of(matrix))))
      .text("summary", summary_of(matrix))
      .text("tool_version", matrix.tool_version)
      .text("command", reproduce_words(matrix.command_line));
  if (!matrix.rows.empty()) {
    for (const auto& each : matrix.rows.front().values) page.add("names").text("name", each.name);
  }
  for (const column& each : columns()) page.add("titles").text("title", std::string(each.title));
  for (const run_matrix_row& row : matrix.rows) page.add("labels").text("label", label_of(row));
  page.flag("has_expectations", expectation_count(matrix) > 0);
  add_rows(page, matrix);
  add_expectations(page, matrix);
  return to_valid_utf8(render("run_matrix", page));
}

std::string to_markdown(const run_matrix& matrix) {
  std::string out = fmt::format("## {} on {}: {}\n\n", markdown_escaped(matrix.scenario),
                                markdown_escaped(matrix.target), summary_of(matrix));
  std::string head = "|";
  std::string rule = "|";
  if (!matrix.rows.empty()) {
    for (const auto& each : matrix.rows.front().values) {
      head += fmt::format(" {} |", markdown_escaped(each.name));
      rule += ":--|";
    }
  }
  head += " verdict |";
  rule += ":--|";
  for (const column& each : columns()) {
    head += fmt::format(" {} |", each.title);
    rule += "--:|";
  }
  out += head + "\n" + rule + "\n";
  for (const run_matrix_row& row : matrix.rows) {
    out += "|";
    for (const auto& each : row.values) out += fmt::format(" {} |", markdown_escaped(each.value));
    const std::string word(verdict_word(row));
    out += row.folder.empty() ? fmt::format(" {} |", word)
                              : fmt::format(" [{}]({}/report.html) |", word, row.folder);
    for (const column& each : columns()) out += fmt::format(" {} |", each.text(row));
    out += '\n';
  }
  std::string misses;
  for (const run_matrix_row& row : matrix.rows) {
    if (!row.remark.empty()) {
      misses +=
          fmt::format("- {}: {}\n", markdown_escaped(label_of(row)), markdown_escaped(row.remark));
    }
    for (const auto& each : row.expectations) {
      if (is_success(each.verdict)) continue;
      misses += fmt::format("- {}: {}: {}, expected {} ({})\n", markdown_escaped(label_of(row)),
                            markdown_escaped(each.sentence), markdown_escaped(each.observed),
                            markdown_escaped(each.expected), outcome_words(each.verdict));
    }
  }
  return misses.empty() ? out : out + "\n" + misses;
}

std::string to_text(const run_matrix& matrix) {
  std::vector<std::vector<std::string>> lines;
  std::vector<std::string> head{"combination", "verdict"};
  for (const column& each : columns()) head.emplace_back(each.title);
  lines.push_back(std::move(head));
  for (const run_matrix_row& row : matrix.rows) {
    std::vector<std::string> line{label_of(row), std::string(verdict_word(row))};
    for (const column& each : columns()) {
      const std::string cell = each.text(row);
      line.push_back(cell == "\u2013" ? "-" : cell);
    }
    lines.push_back(std::move(line));
  }
  std::vector<std::size_t> widths(lines.front().size());
  for (const auto& line : lines) {
    for (std::size_t i = 0; i < line.size(); ++i) widths[i] = std::max(widths[i], line[i].size());
  }
  std::string out = "\n" + summary_of(matrix) + "\n\n";
  for (const auto& line : lines) {
    std::string text = " ";
    for (std::size_t i = 0; i < line.size(); ++i) {
      const std::string gap(widths[i] - line[i].size(), ' ');
      text += " " + (i < 2 ? line[i] + gap : gap + line[i]);
    }
    out += text.substr(0, text.find_last_not_of(' ') + 1) + "\n";
  }
  return out;
}

}  // namespace gauntlet::reports
