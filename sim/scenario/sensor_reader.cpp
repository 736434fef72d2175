#include "sim/scenario/sensor_reader.hpp"

#include <algorithm>
#include <utility>

#include "harness/config/object.hpp"
#include "sim/scenario/limits.hpp"
#include "sim/scenario/signal_parts_reader.hpp"
#include "sim/scenario/signal_reader.hpp"

namespace gauntlet::sim {
namespace {

using config::object;

config::reader<std::vector<duration>> times_reader() {
  auto made = config::one_or_list_of(config::time_span(duration::zero(), scenario_time_max));
  return config::checked<std::vector<duration>>(made, [](const std::vector<duration>& times) {
    const bool ascending =
        std::adjacent_find(times.begin(), times.end(), std::greater_equal<>()) == times.end();
    return ascending ? "" : "times must ascend";
  });
}

void check_anomaly(const anomaly& made, const config::node& from, config::diagnostics& wrong) {
  using kind = anomaly::kind;
  const bool by = from.find("by") != nullptr;
  if (made.is == kind::spike ? by == made.to.has_value() : (by || made.to.has_value())) {
    wrong.add(from, made.is == kind::spike ? "a spike has 'by' or 'to'"
                                           : "only a spike has 'by' or 'to'");
  }
  if ((made.is == kind::drift) != (from.find("per_hour") != nullptr)) {
    wrong.add(from,
              made.is == kind::drift ? "a drift needs 'per_hour'" : "only a drift has 'per_hour'");
  }
  if (!made.lasts && (made.is == kind::stuck || made.is == kind::drift)) {
    wrong.add(from, "'for' is missing: how long it lasts");
  }
  const double share = made.per_second *
                       std::chrono::duration<double>(made.lasts.value_or(duration::zero())).count();
  if (share > 0.5) {
    wrong.add(from, "at this rate the sensor would be at fault most of the time");
  }
}

config::reader<anomaly> anomaly_reader() {
  using kind = anomaly::kind;
  return object<anomaly>("What goes wrong with a sensor from time to time")
      .required("kind", &anomaly::is,
                config::one_of<kind>({{"spike", kind::spike},
                                      {"stuck", kind::stuck},
                                      {"drift", kind::drift},
                                      {"drop_out", kind::drop_out}}),
                "A value far off; the last value again and again; ever further off; no value")
      .derived<double>(
          "by", signal_number(), [](anomaly& to, double by) { to.by = by; },
          "How far a spike is off")
      .optional("to", &anomaly::to, signal_number(), "The value of a spike")
      .derived<double>(
          "per_hour", signal_number(), [](anomaly& to, double by) { to.by = by; },
          "How much further off a drift is each hour")
      .derived<std::vector<duration>>(
          "at", times_reader(),
          [](anomaly& to, std::vector<duration> times) { to.at = std::move(times); },
          "When it begins: a time after the start, or several")
      .derived<rate>(
          "rate", config::frequency(),
          [](anomaly& to, rate often) { to.per_second = often.per_second(); },
          "How often it begins, at random times")
      .optional("for", &anomaly::lasts, signal_interval(),
                "How long it lasts; spikes and drop-outs without it for one sample")
      .exactly_one({"at", "rate"})
      .check(check_anomaly)
      .build();
}

/// Whether a spike or a drift means anything.
bool is_numeric(const signal_description& signal) {
  return !std::holds_alternative<bool_signal>(signal) &&
         !std::holds_alternative<timestamp_signal>(signal) &&
         !std::holds_alternative<machine_signal>(signal) &&
         !std::holds_alternative<switch_signal>(signal) &&
         !std::holds_alternative<gps_signal>(signal);
}

void check_sensor(const sensor& made, const config::node& from, config::diagnostics& wrong) {
  if (is_numeric(made.signal)) return;
  for (std::size_t i = 0; i < made.anomalies.size(); ++i) {
    const anomaly::kind is = made.anomalies[i].is;
    if (is != anomaly::kind::spike && is != anomaly::kind::drift) continue;
    wrong.add(from.find("anomalies")->items[i], "only numbers have spikes and drifts");
  }
}

config::reader<sensor> sensor_reader() {
  object<sensor> table("A value that each device measures");
  add_sensor_kinds(table);
  return table
      .optional("every", &sensor::every, signal_interval(),
                "Time between two samples; without it 1s, of expressions that of the fastest "
                "sensor in them")
      .optional("settable", &sensor::settable, config::boolean(),
                "Whether messages may set it; until then it follows its signal")
      .optional("anomalies", &sensor::anomalies, config::list_of(anomaly_reader(), 0, 20),
                "What goes wrong with it")
      .placed(&sensor::where)
      .check(check_sensor)
      .build();
}

bool is_name(std::string_view text) {
  const auto is_letter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  };
  return !text.empty() && text.size() <= 64 && is_letter(text.front()) &&
         std::all_of(text.begin(), text.end(),
                     [&](char c) { return is_letter(c) || (c >= '0' && c <= '9'); });
}

using sensor_list = std::vector<std::pair<std::string, sensor>>;

}  // namespace

config::reader<std::vector<sensor>> sensors_reader() {
  return config::converted<std::vector<sensor>, sensor_list>(
      config::checked<sensor_list>(
          config::mapping_of(sensor_reader(), 0, 200),
          [](const sensor_list& all) -> std::string {
            for (const auto& [name, made] : all) {
              if (!is_name(name)) {
                return "'" + name +
                       "' cannot be the name of a sensor: letters, digits and '_', up to 64, not "
                       "beginning with a digit";
              }
              if (is_expression_word(name)) {
                return "'" + name + "' cannot be the name of a sensor: it is a word of expressions";
              }
            }
            return "";
          }),
      [](sensor_list all) {
        std::vector<sensor> made;
        for (auto& [name, each] : all) {
          each.name = std::move(name);
          made.push_back(std::move(each));
        }
        return made;
      });
}

}  // namespace gauntlet::sim
