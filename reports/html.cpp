#include "reports/html.hpp"

#include "harness/base/utf8.hpp"
#include "harness/record/json.hpp"
#include "reports/escape.hpp"
#include "reports/html_sections.hpp"

namespace gauntlet::reports {

std::string to_html(const record::run_result& run) {
  page_data page;
  add_overview(page, run);
  add_faults(page, run);
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
