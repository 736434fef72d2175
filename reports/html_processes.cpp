#include <chrono>
#include <string>

#include <fmt/format.h>

#include "reports/html_figures.hpp"
#include "reports/html_sections.hpp"

namespace gauntlet::reports {
namespace {

void add_generator(page_data& page, const record::run_result& run) {
  const auto& generator = run.measured.generator;
  page.flag("limited", run.generator.limited)
      .text("generator_tone", run.generator.limited ? "warn" : "pass")
      .text("generator_word", run.generator.limited ? "Yes" : "No")
      .text("generator_sentence", run.generator.sentence)
      .flag("has_generator_sentence", !run.generator.sentence.empty());
  const auto add_lag = [&](std::string_view what, const std::string& path,
                           const record::histogram& from) {
    if (from.empty()) return;
    auto& row = page.add("lags");
    row.text("what", std::string(what));
    add_percentiles(row, path, from);
  };
  add_lag("Messages behind schedule", "/measured/generator/schedule_lag", generator.schedule_lag);
  add_lag("Event loop behind its tick", "/measured/generator/loop_lag", generator.loop_lag);
  page.flag("has_lags", page.lists().contains("lags"));
  for (std::size_t i = 0; i < generator.workers.size(); ++i) {
    const auto& each = generator.workers[i];
    const auto path = "/measured/generator/workers/" + std::to_string(i);
    auto& row = page.add("workers");
    row.text("worker_id", std::to_string(each.id)).text("pid", std::to_string(each.pid));
    row.flag("finished", each.finished);
    add_count(row, "cells", path + "/devices", each.devices);
    add_duration(row, "cells", path + "/cpu_ns", each.cpu);
    add_bytes(row, "cells", path + "/rss_bytes_max", each.rss_bytes_max);
  }
  page.flag("has_workers", !generator.workers.empty());
}

void add_broker(page_data& page, const record::run_result& run) {
  for (std::size_t i = 0; i < run.broker_processes.size(); ++i) {
    const auto& each = run.broker_processes[i];
    const auto path = "/broker_processes/" + std::to_string(i);
    auto& row = page.add("broker_rows");
    row.text("pid", std::to_string(each.pid))
        .text("command", each.command)
        .text("exit", each.exit.empty() ? "still running" : each.exit)
        .text("exit_tone", each.exit_unexpected ? "alarm" : "plain")
        .text("output_file", each.output_file);
    add_bytes(row, "cells", path + "/rss_bytes_start", each.rss_bytes_start);
    add_bytes(row, "cells", path + "/rss_bytes_end", each.rss_bytes_end);
    add_bytes(row, "cells", path + "/rss_bytes_max", each.rss_bytes_max);
    add_duration(row, "cells", path + "/cpu_ns", each.cpu);
  }
  page.flag("has_broker", !run.broker_processes.empty());
}

}  // namespace

void add_processes(page_data& page, const record::run_result& run) {
  add_generator(page, run);
  add_broker(page, run);
  const auto& log = run.measured.events;
  for (const auto& each : log.events()) {
    page.add("event_rows")
        .text("at", fmt::format("{:.3f}", std::chrono::duration<double>(each.at).count()))
        .text("level", std::string(name(each.level)))
        .text("source", each.source)
        .text("message", each.text);
  }
  page.flag("has_events", !log.events().empty());
  page.flag("has_dropped", log.dropped() != 0);
  add_count(page, "dropped", "/measured/events/dropped", log.dropped());
}

}  // namespace gauntlet::reports
