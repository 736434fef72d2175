#include <string>
#include <string_view>
#include <vector>

#include "reports/html_figures.hpp"
#include "reports/html_sections.hpp"
#include "reports/summary.hpp"

namespace gauntlet::reports {
namespace {

void add_source(page_data& page, std::string_view source) {
  int number = 0;
  while (!source.empty()) {
    const auto end = source.find('\n');
    page.add("lines")
        .text("line", std::to_string(++number))
        .text("line_text", std::string(source.substr(0, end)));
    source.remove_prefix(end == std::string_view::npos ? source.size() : end + 1);
  }
  page.flag("has_source", number != 0);
}

void add_term(page_data& page, std::string_view term, std::string value) {
  if (value.empty()) return;
  page.add("terms").text("term", std::string(term)).text("value", std::move(value));
}

std::string joined(const std::vector<std::string>& items) {
  std::string all;
  for (const std::string& each : items) all += (all.empty() ? "" : "; ") + each;
  return all;
}

std::string known(std::uint64_t value, const quantity& shown) {
  return value == 0 ? "" : plain(shown);
}

}  // namespace

void add_background(page_data& page, const record::run_result& run) {
  const auto& where = run.environment;
  add_term(page, "Target", run.target.given);
  add_term(page, "Address", run.target.url);
  add_term(page, "Broker", run.target.product);
  add_term(page, "Host", where.host);
  add_term(page, "System", where.os);
  add_term(page, "Kernel", where.kernel);
  add_term(page, "Processor", where.cpu_model);
  add_term(page, "Cores", known(where.cores, count_of(where.cores)));
  add_term(page, "Memory", known(where.memory_bytes, bytes_of(where.memory_bytes)));
  add_term(page, "Open files allowed",
           known(where.descriptor_limit, count_of(where.descriptor_limit)));
  add_term(page, "Gauntlet", run.tool_version);
  add_term(page, "Seed", std::to_string(run.scenario.seed));
  add_term(page, "Parameters", joined(run.scenario.parameters));
  add_term(page, "Scaled", joined(run.scenario.scaled));
  add_term(page, "Planned stream, SHA-256", run.scenario.plan_sha256);
  if (run.scenario.simulated && run.real_duration > duration::zero()) {
    add_term(page, "Simulated in", plain(duration_of(run.real_duration)));
  }
  add_source(page, run.scenario.source);
  page.text("scenario_path", run.scenario.path);
  page.text("again", reproduce_command(run));
}

}  // namespace gauntlet::reports
