#include "reports/conformance/conformance_matrix_page.hpp"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "harness/base/units.hpp"
#include "harness/base/utf8.hpp"
#include "harness/record/conformance_json.hpp"
#include "reports/escape.hpp"
#include "reports/page_data.hpp"

namespace gauntlet::reports {
namespace {

using record::test_verdict;

// How the tests of one theme and version came out on one broker.
struct cell {
  std::uint32_t ran = 0;
  std::uint32_t passed = 0;
  std::uint32_t failed = 0;
  std::uint32_t varied = 0;

  void add(test_verdict of) {
    ran += of != test_verdict::not_run && of != test_verdict::skipped ? 1U : 0U;
    passed += of == test_verdict::pass ? 1U : 0U;
    varied += of == test_verdict::variant ? 1U : 0U;
    failed += of == test_verdict::fail || of == test_verdict::unstable ? 1U : 0U;
  }

  std::string text() const {
    if (ran == 0) return "\u2013";
    if (passed == ran) return fmt::format("{}", format_count(ran));
    const auto rest = ran - passed - failed - varied;
    auto out = fmt::format("{} of {}", format_count(passed), format_count(ran));
    if (failed != 0) out += fmt::format(", **{} failed**", format_count(failed));
    if (varied != 0) out += fmt::format(", {} of another reading", format_count(varied));
    if (rest != 0) out += fmt::format(", {} undecided", format_count(rest));
    return out;
  }
};

using row_key = std::pair<std::string, std::string>;  // version, theme

std::map<row_key, std::vector<cell>> cells_of(const record::conformance_matrix& matrix) {
  std::map<row_key, std::vector<cell>> rows;
  for (const auto& test : matrix.tests) {
    auto& row = rows[{test.version, test.theme}];
    row.resize(matrix.columns.size());
    for (std::size_t i = 0; i < test.verdicts.size(); ++i) row[i].add(test.verdicts[i]);
  }
  return rows;
}

std::string statements_cell(const record::matrix_column& column, const std::string& version) {
  for (const auto& totals : column.totals) {
    if (totals.version != version || totals.numbered_tested == 0) continue;
    return fmt::format("{} of {}", totals.numbered_kept, totals.numbered_testable);
  }
  return "\u2013";
}

std::string brokers_table(const record::conformance_matrix& matrix) {
  std::string out =
      "| broker | version | 3.1.1 statements kept, of testable | 5.0 statements kept, of testable "
      "| day |\n|:--|:--|--:|--:|:--|\n";
  for (const auto& column : matrix.columns) {
    out += fmt::format("| {} | {} | {} | {} | {} |\n", markdown_escaped(column.name),
                       markdown_escaped(column.product), statements_cell(column, "3.1.1"),
                       statements_cell(column, "5.0"),
                       record::to_iso8601(column.started).substr(0, 10));
  }
  return out;
}

}  // namespace

std::string to_html(const record::conformance_matrix& matrix) {
  page_data page;
  page.text("style", asset("report.css") + asset("conformance.css") + asset("matrix.css"))
      .text("tool_version", matrix.tool_version)
      .text("brokers", format_count(matrix.columns.size()))
      .text("tests", format_count(matrix.tests.size()))
      .text("watch_script", asset("watch.js"))
      .text("evidence_script", asset("conformance_evidence.js"))
      .text("page_script", asset("matrix.js"))
      .text("matrix_json", inside_script(record::to_compact_json(matrix)));
  return to_valid_utf8(render("matrix", page));
}

std::string to_markdown(const record::conformance_matrix& matrix) {
  auto out = "# MQTT conformance of brokers\n\nWritten by `gauntlet conform --matrix`, version " +
             markdown_escaped(matrix.tool_version) + ".\n\n" + brokers_table(matrix);
  std::string head = "| theme |";
  std::string rule = "|:--|";
  for (const auto& column : matrix.columns) {
    head += fmt::format(" {} |", markdown_escaped(column.name));
    rule += "--:|";
  }
  std::string version;
  for (const auto& [key, cells] : cells_of(matrix)) {
    if (key.first != version) {
      version = key.first;
      out += fmt::format("\n## MQTT {}\n\nTests passed, of those that ran.\n\n{}\n{}\n", version,
                         head, rule);
    }
    out += fmt::format("| {} |", markdown_escaped(key.second));
    for (const auto& each : cells) out += fmt::format(" {} |", each.text());
    out += '\n';
  }
  return out;
}

}  // namespace gauntlet::reports
