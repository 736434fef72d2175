#include <algorithm>
#include <string>

#include "reports/html_figures.hpp"
#include "reports/html_sections.hpp"

namespace gauntlet::reports {
namespace {

void add_account(page_data& row, const std::string& path, const record::delivery_account& account,
                 bool is_acknowledged) {
  add_count(row, "cells", path + "planned", account.planned);
  add_count(row, "cells", path + "sent", account.sent);
  add_trouble(row, "cells", path + "not_sent", account.not_sent);
  if (is_acknowledged) {
    add_count(row, "cells", path + "acknowledged", account.acknowledged);
  } else {
    row.figure("cells", {"\u2013", ""}, "", "", page_data::tone::quiet);
  }
  add_trouble(row, "cells", path + "rejected", account.rejected);
  add_count(row, "cells", path + "expected_deliveries", account.expected_deliveries);
  add_count(row, "cells", path + "delivered", account.delivered);
  add_trouble(row, "cells", path + "lost", account.lost);
  add_trouble(row, "cells", path + "uncertain", account.uncertain);
  add_trouble(row, "cells", path + "duplicated", account.duplicated);
  add_trouble(row, "cells", path + "reordered", account.reordered);
  add_trouble(row, "cells", path + "unexpected", account.unexpected);
}

void add_latency_row(page_data& page, const record::message_flow& flow, std::string_view measure,
                     const std::string& path, const record::histogram& from) {
  if (from.empty()) return;
  auto& row = page.add("latencies");
  row.text("group", flow.group).text("qos", std::to_string(flow.qos));
  row.text("measure", std::string(measure));
  add_percentiles(row, path, from);
}

void add_kept(page_data& page, const record::measurements& measured) {
  const auto& wills = measured.wills;
  const auto& retained = measured.retained;
  const record::will_account no_wills;
  const record::retained_account no_retained;
  page.flag("has_kept", wills != no_wills || retained != no_retained);
  auto& will_row = page.add("kept");
  will_row.text("what", "Wills");
  add_count(will_row, "cells", "/measured/wills/expected", wills.expected);
  add_count(will_row, "cells", "/measured/wills/delivered", wills.delivered);
  add_trouble(will_row, "cells", "/measured/wills/missing", wills.missing);
  will_row.figure("cells", {"\u2013", ""}, "", "", page_data::tone::quiet);
  add_trouble(will_row, "cells", "/measured/wills/unexpected", wills.unexpected);
  auto& retained_row = page.add("kept");
  retained_row.text("what", "Retained messages");
  add_count(retained_row, "cells", "/measured/retained/expected", retained.expected);
  add_count(retained_row, "cells", "/measured/retained/delivered", retained.delivered);
  add_trouble(retained_row, "cells", "/measured/retained/missing", retained.missing);
  add_trouble(retained_row, "cells", "/measured/retained/stale", retained.stale);
  retained_row.figure("cells", {"\u2013", ""}, "", "", page_data::tone::quiet);
}

}  // namespace

void add_delivery(page_data& page, const record::run_result& run) {
  const auto& measured = run.measured;
  page.flag("has_flows", !measured.flows.empty());
  page.flag("has_series", !measured.series.points.empty());
  page.flag("has_total", measured.flows.size() > 1);
  for (std::size_t i = 0; i < measured.flows.size(); ++i) {
    const auto& flow = measured.flows[i];
    const auto path = "/measured/flows/" + std::to_string(i);
    auto& row = page.add("flows");
    row.text("group", flow.group).text("qos", std::to_string(flow.qos));
    add_account(row, path + "/account/", flow.account, flow.qos != 0);
    add_latency_row(page, flow, "from schedule", path + "/latency_from_schedule",
                    flow.latency_from_schedule);
    add_latency_row(page, flow, "from send", path + "/latency_from_send", flow.latency_from_send);
    add_latency_row(page, flow, "to acknowledgement", path + "/acknowledgement_time",
                    flow.acknowledgement_time);
  }
  add_account(page.add("total"), "/measured/flows/*/account/", total_of(measured), true);
  page.flag("has_latencies", page.lists().contains("latencies"));
  add_kept(page, measured);
  page.flag("has_foreign", measured.foreign_messages != 0);
  add_trouble(page, "foreign", "/measured/foreign_messages", measured.foreign_messages);
}

}  // namespace gauntlet::reports
