#include "sim/scenario/disturbance_reader.hpp"

#include <algorithm>

#include "harness/config/object.hpp"
#include "sim/scenario/any_time.hpp"
#include "sim/scenario/field_readers.hpp"
#include "sim/scenario/life_cycle_reader.hpp"
#include "sim/scenario/limits.hpp"

namespace gauntlet::sim {
namespace {

config::reader<storm_settings> storm_reader() {
  return config::object<storm_settings>("Many devices lose their connections and come back")
      .derived<share>(
          "share", config::percentage(),
          [](storm_settings& to, share part) { to.share = part.percent / 100; },
          "Of the devices of each group; without it all")
      .optional("groups", &storm_settings::groups, config::list_of(identifier(), 1, 1'000),
                "Which groups; without it all")
      .optional("within", &storm_settings::within, any_time(), "The devices leave within this time")
      .optional("back_within", &storm_settings::back_within, any_time(),
                "And come back within this time after that; without it as `reconnect` says")
      .optional("departure", &storm_settings::leaves, departure_reader(),
                "How their connections end")
      .build();
}

void check_storm_groups(const scenario& made, const storm_settings& storm, const config::node& from,
                        config::diagnostics& wrong) {
  std::vector<std::string> names;
  for (const device_group& group : made.fleet) names.push_back(group.name);
  for (std::size_t i = 0; i < storm.groups.size(); ++i) {
    const auto found = std::find_if(made.fleet.begin(), made.fleet.end(), [&](const auto& group) {
      return group.name == storm.groups[i];
    });
    const config::node& place = from.find("groups")->items[i];
    if (found == made.fleet.end()) {
      wrong.add(place, "there is no group '" + storm.groups[i] + "'" +
                           config::suggest(storm.groups[i], names));
    } else if (found->reconnect.never && !storm.back_within) {
      wrong.add(place, "devices of '" + found->name +
                           "' would never come back (reconnect: never); say 'back_within'");
    }
  }
}

}  // namespace

std::string name_of(const disturbance& what) { return "storm at " + format_duration(what.at); }

config::reader<std::vector<disturbance>> disturbances_reader() {
  return config::list_of(
      config::object<disturbance>("What befalls many devices at once")
          .required("at", &disturbance::at, any_time(), "When it begins, since publishing began")
          .required("storm", &disturbance::storm, storm_reader(),
                    "Devices lose their connections and come back")
          .placed(&disturbance::where)
          .build(),
      0, 100);
}

void check_disturbances(const scenario& made, const config::node& from,
                        config::diagnostics& wrong) {
  for (std::size_t i = 0; i < made.disturbances.size(); ++i) {
    const disturbance& each = made.disturbances[i];
    const config::node& item = from.find("disturbances")->items[i];
    check_storm_groups(made, each.storm, *item.find("storm"), wrong);
    if (each.at >= made.publish_for) {
      wrong.add(*item.find("at"), "the scenario is over before: its duration is " +
                                      format_duration(made.publish_for));
    }
    const bool twice = std::any_of(made.disturbances.begin(),
                                   made.disturbances.begin() + static_cast<std::ptrdiff_t>(i),
                                   [&](const disturbance& other) { return other.at == each.at; });
    if (twice) {
      wrong.add(*item.find("at"),
                "there is a disturbance at this time already; their figures "
                "could not be told apart");
    }
  }
}

}  // namespace gauntlet::sim
