#include <string>

#include "reports/html_figures.hpp"
#include "reports/html_sections.hpp"

namespace gauntlet::reports {
namespace {

void add_reasons(page_data& page, const std::string& group, std::string_view what,
                 const std::string& path, const record::counted_reasons& reasons,
                 page_data::tone tone = page_data::tone::alarm) {
  for (const auto& [reason, times] : reasons.counts()) {
    auto& row = page.add("troubles");
    row.text("group", group).text("what", std::string(what)).text("reason", reason);
    // In a JSON pointer, ~ and / of a key are written ~0 and ~1.
    std::string key;
    for (const char c : reason) {
      key += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
    }
    row.figure("times", count_of(times), path + "/" + key, std::to_string(times), tone);
  }
}

void add_group(page_data& page, const record::connection_account& from, const std::string& path) {
  auto& row = page.add("connection_rows");
  row.text("group", from.group);
  add_count(row, "cells", path + "/planned", from.planned);
  add_count(row, "cells", path + "/attempts", from.attempts);
  add_count(row, "cells", path + "/connected", from.connected);
  add_count(row, "cells", path + "/reconnected", from.reconnected);
  row.figure("cells", count_of(from.failures.total()), path + "/failures/*",
             std::to_string(from.failures.total()),
             from.failures.empty() ? page_data::tone::quiet : page_data::tone::alarm);
  row.figure("cells", count_of(from.unexpected_disconnects.total()),
             path + "/unexpected_disconnects/*",
             std::to_string(from.unexpected_disconnects.total()),
             from.unexpected_disconnects.empty() ? page_data::tone::quiet : page_data::tone::alarm);
  const std::uint64_t by_faults = from.disconnected_by_faults.total();
  row.figure("cells", count_of(by_faults), path + "/disconnected_by_faults/*",
             std::to_string(by_faults),
             by_faults == 0 ? page_data::tone::quiet : page_data::tone::plain);
  add_count(row, "cells", path + "/closed_by_us", from.closed_by_us);
  if (from.connect_time.empty()) {
    for (int i = 0; i < 3; ++i) row.figure("cells", {"\u2013", ""}, "", "", page_data::tone::quiet);
  } else {
    add_duration(row, "cells", path + "/connect_time/p50_ns", from.connect_time.percentile(50));
    add_duration(row, "cells", path + "/connect_time/p99_ns", from.connect_time.percentile(99));
    add_duration(row, "cells", path + "/connect_time/max_ns", from.connect_time.max());
  }
  if (from.subscriptions_requested == 0) return;
  auto& subscriptions = page.add("subscriptions");
  subscriptions.text("group", from.group);
  add_count(subscriptions, "cells", path + "/subscriptions_requested",
            from.subscriptions_requested);
  add_count(subscriptions, "cells", path + "/subscriptions_granted", from.subscriptions_granted);
  add_trouble(subscriptions, "cells", path + "/subscriptions_downgraded",
              from.subscriptions_downgraded);
  subscriptions.figure(
      "cells", count_of(from.subscriptions_refused.total()), path + "/subscriptions_refused/*",
      std::to_string(from.subscriptions_refused.total()),
      from.subscriptions_refused.empty() ? page_data::tone::quiet : page_data::tone::alarm);
}

// How the devices of a group left as planned, and what was there when they came back.
void add_return(page_data& page, const record::connection_account& from, const std::string& path) {
  const std::uint64_t departures = from.planned_departures.total();
  if (from.reconnected + departures + from.left_open == 0) return;
  auto& row = page.add("return_rows");
  row.text("group", from.group);
  row.figure("cells", count_of(departures), path + "/planned_departures/*",
             std::to_string(departures),
             departures == 0 ? page_data::tone::quiet : page_data::tone::plain);
  add_count(row, "cells", path + "/reconnected", from.reconnected);
  add_count(row, "cells", path + "/sessions_resumed", from.sessions_resumed);
  add_trouble(row, "cells", path + "/sessions_lost", from.sessions_lost);
  add_trouble(row, "cells", path + "/left_open", from.left_open);
  if (from.offline_time.empty()) {
    for (int i = 0; i < 3; ++i) row.figure("cells", {"\u2013", ""}, "", "", page_data::tone::quiet);
    return;
  }
  add_duration(row, "cells", path + "/offline_time/p50_ns", from.offline_time.percentile(50));
  add_duration(row, "cells", path + "/offline_time/p99_ns", from.offline_time.percentile(99));
  add_duration(row, "cells", path + "/offline_time/max_ns", from.offline_time.max());
}

void add_recovery(page_data& page, const record::recovery_account& from, const std::string& path) {
  auto& row = page.add("recovery_rows");
  row.text("name", from.name);
  add_count(row, "cells", path + "/concerned", from.concerned);
  add_count(row, "cells", path + "/back_after/count", from.back_after.count());
  for (const double percent : {50.0, 99.0, 100.0}) {
    const auto after = from.recovered_after(percent);
    if (!after) {
      row.figure("cells", {"\u2013", ""}, "", "", page_data::tone::alarm);
      continue;
    }
    // Of all concerned, not only of those that came back: no figure of result.json says it.
    row.figure("cells", duration_of(*after), "", "", page_data::tone::plain);
  }
}

void add_requests(page_data& page, const record::request_account& from, const std::string& path) {
  auto& row = page.add("request_rows");
  row.text("group", from.group);
  add_count(row, "cells", path + "/requests", from.requests);
  add_count(row, "cells", path + "/answered", from.answered);
  add_trouble(row, "cells", path + "/timed_out", from.timed_out);
  add_count(row, "cells", path + "/answered_late", from.answered_late);
  add_count(row, "cells", path + "/unfinished", from.unfinished);
  add_trouble(row, "cells", path + "/answered_twice", from.answered_twice);
  add_trouble(row, "cells", path + "/wrong_correlation", from.wrong_correlation);
  if (from.response_time.empty()) {
    for (int i = 0; i < 3; ++i) row.figure("cells", {"\u2013", ""}, "", "", page_data::tone::quiet);
    return;
  }
  add_duration(row, "cells", path + "/response_time/p50_ns", from.response_time.percentile(50));
  add_duration(row, "cells", path + "/response_time/p99_ns", from.response_time.percentile(99));
  add_duration(row, "cells", path + "/response_time/max_ns", from.response_time.max());
}

}  // namespace

void add_connections(page_data& page, const record::run_result& run) {
  const auto& measured = run.measured;
  for (std::size_t i = 0; i < measured.connections.size(); ++i) {
    const auto& each = measured.connections[i];
    const auto path = "/measured/connections/" + std::to_string(i);
    add_group(page, each, path);
    add_return(page, each, path);
    add_reasons(page, each.group, "attempt failed", path + "/failures", each.failures);
    add_reasons(page, each.group, "connection lost", path + "/unexpected_disconnects",
                each.unexpected_disconnects);
    add_reasons(page, each.group, "disconnected by a fault", path + "/disconnected_by_faults",
                each.disconnected_by_faults, page_data::tone::plain);
    add_reasons(page, each.group, "subscription refused", path + "/subscriptions_refused",
                each.subscriptions_refused);
  }
  add_reasons(page, "", "protocol error of the broker", "/measured/protocol_errors",
              measured.protocol_errors);
  for (std::size_t i = 0; i < measured.requests.size(); ++i) {
    add_requests(page, measured.requests[i], "/measured/requests/" + std::to_string(i));
  }
  for (std::size_t i = 0; i < measured.recoveries.size(); ++i) {
    add_recovery(page, measured.recoveries[i], "/measured/recoveries/" + std::to_string(i));
  }
  page.flag("has_returns", page.lists().contains("return_rows"));
  page.flag("has_recoveries", !measured.recoveries.empty());
  page.flag("has_requests", !measured.requests.empty());
  page.flag("has_connections", !measured.connections.empty());
  page.flag("has_subscriptions", page.lists().contains("subscriptions"));
  page.flag("has_troubles", page.lists().contains("troubles"));
}

}  // namespace gauntlet::reports
