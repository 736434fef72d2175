#include "reports/html.hpp"

#include <algorithm>
#include <string_view>
#include <vector>

#include "harness/base/assert.hpp"
#include "harness/base/embedded_file.hpp"
#include "harness/base/utf8.hpp"
#include "harness/record/json.hpp"
#include "reports/html_sections.hpp"

namespace gauntlet::reports {

// Defined by the build: style and scripts, with Chart.js.
std::vector<embedded_file> assets();

namespace {

std::string asset(std::string_view name) {
  const auto files = assets();
  const auto found = std::find_if(files.begin(), files.end(),
                                  [&](const embedded_file& file) { return file.name == name; });
  GAUNTLET_ASSERT(found != files.end());
  return std::string(found->content);
}

// JSON that may stand inside a script element: without `<`, nothing in it can end the element or
// begin a comment. The characters occur in strings only, where JSON allows the escape.
std::string inside_script(std::string_view json) {
  std::string out;
  out.reserve(json.size());
  for (const char c : json) {
    switch (c) {
      case '<':
        out += "\\u003c";
        break;
      case '>':
        out += "\\u003e";
        break;
      case '&':
        out += "\\u0026";
        break;
      default:
        out += c;
    }
  }
  return out;
}

}  // namespace

std::string to_html(const record::run_result& run) {
  page_data page;
  add_overview(page, run);
  add_delivery(page, run);
  add_connections(page, run);
  add_processes(page, run);
  add_background(page, run);
  page.text("style", asset("report.css"))
      .text("watch_script", asset("watch.js"))
      .text("report_script", asset("report.js"))
      .text("chart_script", asset("chart.min.js"))
      .text("result_json", inside_script(record::to_json(run, {.lean_series = true})));
  return to_valid_utf8(render("report", page));
}

}  // namespace gauntlet::reports
