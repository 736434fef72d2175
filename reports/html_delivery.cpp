#include <algorithm>
#include <string>

#include "reports/html_figures.hpp"
#include "reports/html_sections.hpp"

namespace gauntlet::reports {
namespace {

// What the standard leaves open: loss at QoS 0, copies at QoS 1 (MQTT 5.0 §4.3).
struct allowance {
  bool loss;
  bool copies;
  bool acknowledgements;
};

allowance allowance_of(std::uint8_t qos) {
  return {.loss = qos == 0, .copies = qos == 1, .acknowledgements = qos != 0};
}

// Of a sum over all: allowed if all of it is.
allowance allowance_of(const record::measurements& all) {
  const auto sum = total_of(all);
  return {.loss = sum.lost == total_of(all, 0).lost,
          .copies = sum.duplicated == total_of(all, 1).duplicated,
          .acknowledgements = true};
}

void add_account(page_data& row, const std::string& path, const record::delivery_account& account,
                 const allowance& allows) {
  add_count(row, "cells", path + "planned", account.planned);
  add_count(row, "cells", path + "sent", account.sent);
  add_trouble(row, "cells", path + "not_sent", account.not_sent);
  if (allows.acknowledgements) {
    add_count(row, "cells", path + "acknowledged", account.acknowledged);
  } else {
    row.figure("cells", {"\u2013", ""}, "", "", page_data::tone::quiet);
  }
  add_trouble(row, "cells", path + "rejected", account.rejected);
  add_count(row, "cells", path + "expected_deliveries", account.expected_deliveries);
  add_count(row, "cells", path + "delivered", account.delivered);
  add_trouble(row, "cells", path + "lost", account.lost, allows.loss);
  add_trouble(row, "cells", path + "uncertain", account.uncertain, true);
  add_trouble(row, "cells", path + "duplicated", account.duplicated, allows.copies);
  add_trouble(row, "cells", path + "reordered", account.reordered);
  add_trouble(row, "cells", path + "unexpected", account.unexpected);
}

// One row for each of the flow's histograms that holds anything; group and QoS stand once for all.
void add_latencies(page_data& page, const record::message_flow& flow, const std::string& path) {
  const struct {
    std::string_view measure;
    std::string path;
    const record::histogram& from;
  } measures[] = {{"from schedule", "/latency_from_schedule", flow.latency_from_schedule},
                  {"from send", "/latency_from_send", flow.latency_from_send},
                  {"to acknowledgement", "/acknowledgement_time", flow.acknowledgement_time}};
  const auto filled = std::count_if(std::begin(measures), std::end(measures),
                                    [](const auto& each) { return !each.from.empty(); });
  if (filled == 0) return;
  auto& body = page.add("latencies");
  body.text("group", record::label_of(flow)).text("qos", std::to_string(flow.qos));
  body.text("span", std::to_string(filled));
  for (const auto& each : measures) {
    if (each.from.empty()) continue;
    auto& row = body.add("rows");
    row.flag("first", body.lists().at("rows").size() == 1);
    row.text("measure", std::string(each.measure));
    add_percentiles(row, path + each.path, each.from);
  }
}

void add_wills(page_data& page, const record::will_account& wills) {
  if (wills == record::will_account{}) return;
  auto& row = page.add("kept");
  row.text("what", "Wills");
  add_count(row, "cells", "/measured/wills/expected", wills.expected);
  add_count(row, "cells", "/measured/wills/delivered", wills.delivered);
  add_trouble(row, "cells", "/measured/wills/missing", wills.missing);
  row.figure("cells", {"\u2013", ""}, "", "", page_data::tone::quiet);
  add_trouble(row, "cells", "/measured/wills/unexpected", wills.unexpected);
}

void add_retained(page_data& page, const record::retained_account& retained) {
  if (retained.expected == 0) return;
  auto& row = page.add("kept");
  row.text("what", "Retained messages");
  add_count(row, "cells", "/measured/retained/expected", retained.expected);
  add_count(row, "cells", "/measured/retained/delivered", retained.delivered);
  add_trouble(row, "cells", "/measured/retained/missing", retained.missing);
  add_trouble(row, "cells", "/measured/retained/stale", retained.stale);
  row.figure("cells", {"\u2013", ""}, "", "", page_data::tone::quiet);
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
    row.text("group", record::label_of(flow)).text("qos", std::to_string(flow.qos));
    add_account(row, path + "/account/", flow.account, allowance_of(flow.qos));
    add_latencies(page, flow, path);
  }
  add_account(page.add("total"), "/measured/flows/*/account/", total_of(measured),
              allowance_of(measured));
  page.flag("has_latencies", page.lists().contains("latencies"));
  add_wills(page, measured.wills);
  add_retained(page, measured.retained);
  page.flag("has_kept", page.lists().contains("kept"));
  page.flag("has_foreign", measured.foreign_messages != 0);
  add_trouble(page, "foreign", "/measured/foreign_messages", measured.foreign_messages);
}

}  // namespace gauntlet::reports
