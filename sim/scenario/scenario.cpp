#include "sim/scenario/scenario.hpp"

#include <utility>

#include "harness/config/composition.hpp"
#include "harness/config/load.hpp"
#include "harness/config/object.hpp"
#include "sim/scenario/disturbance_reader.hpp"
#include "sim/scenario/expectation_reader.hpp"
#include "sim/scenario/fault_schedule_reader.hpp"
#include "sim/scenario/field_readers.hpp"
#include "sim/scenario/group_reader.hpp"
#include "sim/scenario/scenario_checks.hpp"
#include "sim/scenario/scenario_reader.hpp"
#include "sim/scenario/stage_reader.hpp"
#include "sim/scenario/target_reader.hpp"

namespace gauntlet::sim {
namespace {

using config::object;

config::reader<arrival_settings> arrival_reader() {
  using shape = arrival_settings::shape;
  auto word = config::converted<arrival_settings, shape>(
      config::one_of<shape>({{"all_at_once", shape::all_at_once}}),
      [](shape as) { return arrival_settings{.as = as}; });
  word.show = [](const arrival_settings&) { return config::json_quote("all_at_once"); };
  object<arrival_settings> paced("How fast the devices come");
  paced.derived<rate>(
      "rate", config::frequency(),
      [](arrival_settings& to, rate pace) {
        to.as = shape::rate;
        to.per_second = pace.per_second();
      },
      "Devices per unit of time, evenly");
  paced.derived<duration>(
      "ramp", config::time_span(std::chrono::milliseconds(1), scenario_time_max),
      [](arrival_settings& to, duration over) {
        to.as = shape::ramp;
        to.over = over;
      },
      "Ever faster, so that all have come after this time");
  paced.exactly_one({"rate", "ramp"});
  return config::scalar_or(word, paced.build());
}

}  // namespace

config::reader<scenario> scenario_reader() {
  using start = publishing_start;
  constexpr std::int64_t seed_max = INT64_MAX;
  object<scenario> table("A fleet of devices, what it does and what is expected of the broker");
  table.required("name", &scenario::name, identifier(), "Short name, also of the results folder")
      .optional("description", &scenario::description, config::text(), "What it shows")
      .optional(
          "seed", &scenario::seed,
          [] {
            auto made = config::converted<std::uint64_t, std::int64_t>(
                config::whole_number(0, seed_max),
                [](std::int64_t value) { return static_cast<std::uint64_t>(value); });
            made.show = [](const std::uint64_t& value) { return std::to_string(value); };
            return made;
          }(),
          "Everything random follows from it")
      .optional("target", &scenario::target, target_reader(),
                "Where the fleet connects, unless the command line says otherwise")
      .derived<duration>(
          "duration", config::time_span(std::chrono::milliseconds(1), scenario_time_max),
          [](scenario& to, duration length) { to.publish_for = length; },
          "How long messages are published")
      .derived<std::vector<stage>>(
          "stages", stages_reader(),
          [](scenario& to, std::vector<stage> stages) {
            to.publish_for = duration::zero();
            for (const stage& each : stages) to.publish_for += each.length;
            to.stages = std::move(stages);
          },
          "Parts of the time with different loads, instead of 'duration'")
      .exactly_one({"duration", "stages"})
      .optional(
          "time_of_day", &scenario::time_of_day,
          config::time_span(duration::zero(), std::chrono::hours(24) - std::chrono::seconds(1)),
          "What the clock shows when publishing starts, for load curves and messages that "
          "are aligned")
      .optional("drain", &scenario::drain,
                config::time_span(duration::zero(), std::chrono::hours(24)),
                "How long the last deliveries are waited for at most")
      .optional("arrival", &scenario::arrival, arrival_reader(),
                "How the devices come, in the order of this file")
      .optional("publishing", &scenario::publishing,
                config::one_of<start>(
                    {{"after_arrival", start::after_arrival}, {"on_arrival", start::on_arrival}}),
                "Whether devices begin together once all have come, or each when it comes")
      .required("fleet", &scenario::fleet, config::list_of(group_reader(), 1, 1'000),
                "The groups of devices")
      .optional("disturbances", &scenario::disturbances, disturbances_reader(),
                "What befalls many devices at once")
      .optional("faults", &scenario::faults, faults_reader(),
                "What happens between the devices and the broker, and when")
      .optional("chaos", &scenario::chaos, chaos_reader(), "Random faults out of a list")
      .derived<std::optional<guarantee_settings>>(
          "guarantees", guarantees_reader(),
          [](scenario& to, std::optional<guarantee_settings> wanted) { to.guarantees = wanted; },
          "Whether to prove from every packet what the broker kept; or what it is said to keep")
      .optional("expect", &scenario::expect, expectations_reader(), "What must be true at the end")
      .check(check_scenario);
  config::add_composition_keys(table);
  return table.build();
}

text_template default_client_id() { return *text_template::parse("{group}-{index}"); }

std::uint64_t scenario::device_count() const {
  std::uint64_t count = 0;
  for (const device_group& group : fleet) count += group.count;
  return count;
}

std::string scenario_json_schema() {
  return config::json_schema_document(config::composed_schema(scenario_reader().schema),
                                      "Gauntlet scenario");
}

}  // namespace gauntlet::sim
