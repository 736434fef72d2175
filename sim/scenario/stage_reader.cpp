#include "sim/scenario/stage_reader.hpp"

#include <charconv>
#include <unordered_set>
#include <utility>

#include "harness/base/units.hpp"
#include "harness/config/object.hpp"
#include "sim/scenario/field_readers.hpp"
#include "sim/scenario/limits.hpp"

namespace gauntlet::sim {
namespace {

constexpr double load_percent_max = 10'000;

unit_result<double> parse_load(std::string_view text) {
  double percent = -1;
  if (text.ends_with('%')) {
    const char* end = text.data() + text.size() - 1;
    const auto read = std::from_chars(text.data(), end, percent, std::chars_format::fixed);
    if (read.ec == std::errc{} && read.ptr == end && percent >= 0 && percent <= load_percent_max) {
      return percent / 100;
    }
  }
  return unit_error{"'" + std::string(text) +
                    "' is not a load; write 0% to 10000%, like 50% or 500%"};
}

config::reader<load_range> load_reader() {
  config::reader<load_range> level = config::converted<load_range, double>(
      load_percentage(), [](double load) { return load_range{.from = load, .to = load}; });
  level.show = [](const load_range& load) {
    return config::json_quote(format_number(load.from * 100) + "%");
  };
  return config::scalar_or(
      level, config::object<load_range>("A load that rises or falls evenly over the stage")
                 .required("from", &load_range::from, load_percentage(), "Load at its beginning")
                 .required("to", &load_range::to, load_percentage(), "Load at its end")
                 .build());
}

void check_names(const std::vector<stage>& stages, const config::node& from, bool& good,
                 config::diagnostics& wrong) {
  std::unordered_set<std::string_view> seen;
  for (std::size_t i = 0; i < stages.size(); ++i) {
    if (seen.insert(stages[i].name).second) continue;
    wrong.add(*from.items[i].find("name"), "there is already a stage '" + stages[i].name + "'");
    good = false;
  }
}

void check_length(const std::vector<stage>& stages, const config::node& from, bool& good,
                  config::diagnostics& wrong) {
  duration sum{};
  for (const stage& each : stages) sum += each.length;
  if (sum <= scenario_time_max) return;
  wrong.add(from, "all stages together may take at most " + format_duration(scenario_time_max) +
                      ", not " + format_duration(sum));
  good = false;
}

}  // namespace

config::reader<double> load_percentage() {
  return config::parsed_scalar<double>(
      R"({"type":"string","pattern":"^[0-9]+(\\.[0-9]+)?%$"})", parse_load,
      [](const double& load) { return format_number(load * 100) + "%"; });
}

config::reader<std::vector<stage>> stages_reader() {
  auto made = config::list_of(
      config::object<stage>("A part of the time with a load of its own")
          .required("name", &stage::name, identifier(), "Name for expectations and reports")
          .required("duration", &stage::length,
                    config::time_span(std::chrono::milliseconds(1), scenario_time_max),
                    "How long it takes")
          .optional("load", &stage::load, load_reader(),
                    "How fast schedules run, of what they say: 500% publishes five times as "
                    "often, 0% not at all")
          .placed(&stage::where)
          .build(),
      1, 100);
  made.read = [read = std::move(made.read)](const config::node& from, std::vector<stage>& to,
                                            config::diagnostics& wrong) {
    if (!read(from, to, wrong)) return false;
    bool good = true;
    check_names(to, from, good, wrong);
    check_length(to, from, good, wrong);
    return good;
  };
  return made;
}

}  // namespace gauntlet::sim
