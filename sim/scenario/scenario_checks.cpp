#include "sim/scenario/scenario_checks.hpp"

#include <algorithm>
#include <functional>
#include <string>
#include <tuple>
#include <unordered_set>
#include <utility>
#include <vector>

#include "harness/config/reader.hpp"
#include "sim/scenario/disturbance_reader.hpp"
#include "sim/scenario/fault_schedule_reader.hpp"
#include "sim/scenario/limits.hpp"
#include "sim/scenario/payload_checks.hpp"
#include "sim/scenario/reaction_checks.hpp"

namespace gauntlet::sim {
namespace {

const config::node& group_node(const config::node& from, std::size_t group) {
  return from.find("fleet")->items[group];
}

bool check_group_names(const scenario& made, const config::node& from, config::diagnostics& wrong) {
  std::unordered_set<std::string_view> seen;
  bool unique = true;
  for (std::size_t i = 0; i < made.fleet.size(); ++i) {
    if (seen.insert(made.fleet[i].name).second) continue;
    unique = false;
    wrong.add(*group_node(from, i).find("group"),
              "there is already a group '" + made.fleet[i].name + "'");
  }
  return unique;
}

bool check_size(const scenario& made, const config::node& from, config::diagnostics& wrong) {
  std::uint64_t streams = 0;
  for (const device_group& group : made.fleet) {
    streams += std::uint64_t{group.count} * group.publish.size();
  }
  const std::uint64_t devices = made.device_count();
  if (devices > fleet_size_max) {
    wrong.add(*from.find("fleet"), "a fleet has at most " + std::to_string(fleet_size_max) +
                                       " devices, not " + std::to_string(devices));
    return false;
  }
  if (streams > UINT32_MAX) {
    wrong.add(*from.find("fleet"),
              "too many publications: " + std::to_string(streams) + " streams in all");
    return false;
  }
  return true;
}

/// Two devices with one client identifier would throw each other out for ever.
void check_client_ids(const scenario& made, const config::node& from, config::diagnostics& wrong) {
  struct named {
    std::size_t hash;
    std::uint32_t group;
    std::uint32_t index;
  };
  std::vector<named> all;
  all.reserve(made.device_count());
  const auto id_of = [&](std::uint32_t group, std::uint32_t index, std::uint32_t device) {
    return made.fleet[group].client_id.expand(
        {.group = made.fleet[group].name, .index = index, .device = device, .seed = made.seed});
  };
  std::vector<std::uint32_t> first_device;
  for (std::uint32_t group = 0; group < made.fleet.size(); ++group) {
    first_device.push_back(static_cast<std::uint32_t>(all.size()));
    for (std::uint32_t index = 0; index < made.fleet[group].count; ++index) {
      const std::string id = id_of(group, index, first_device[group] + index);
      all.push_back({std::hash<std::string>{}(id), group, index});
    }
  }
  std::sort(all.begin(), all.end(), [](const named& a, const named& b) {
    return std::tie(a.hash, a.group, a.index) < std::tie(b.hash, b.group, b.index);
  });
  std::unordered_set<std::uint32_t> reported;
  for (std::size_t i = 1; i < all.size(); ++i) {
    const named& first = all[i - 1];
    const named& second = all[i];
    if (first.hash != second.hash) continue;
    const std::string id = id_of(first.group, first.index, first_device[first.group] + first.index);
    if (id != id_of(second.group, second.index, first_device[second.group] + second.index)) {
      continue;
    }
    if (!reported.insert(second.group).second) continue;
    const config::node& node = group_node(from, second.group);
    const config::node* place = node.find("client_id");
    wrong.add(place != nullptr ? *place : node,
              "device " + std::to_string(second.index) + " would have the client id '" + id +
                  "' of device " + std::to_string(first.index) + " of group '" +
                  made.fleet[first.group].name + "'");
  }
}

void check_first_messages(const scenario& made, const config::node& from,
                          config::diagnostics& wrong) {
  for (std::size_t i = 0; i < made.fleet.size(); ++i) {
    for (std::size_t p = 0; p < made.fleet[i].publish.size(); ++p) {
      const publication& what = made.fleet[i].publish[p];
      if (!what.first || *what.first < made.publish_for) continue;
      wrong.add(*group_node(from, i).find("publish")->items[p].find("first"),
                "no message would ever be due: the scenario's duration is " +
                    format_duration(made.publish_for));
    }
  }
}

void check_arrival(const scenario& made, const config::node& from, config::diagnostics& wrong) {
  duration window = made.arrival.over;
  if (made.arrival.as == arrival_settings::shape::rate) {
    const double seconds = static_cast<double>(made.device_count()) / made.arrival.per_second;
    if (seconds > std::chrono::duration<double>(scenario_time_max).count()) {
      wrong.add(*from.find("arrival"), "at this rate the devices would take more than a year");
      return;
    }
    window = std::chrono::duration_cast<duration>(std::chrono::duration<double>(seconds));
  }
  if (made.publishing != publishing_start::on_arrival || window < made.publish_for) return;
  wrong.add(*from.find("arrival"),
            "the devices take " + format_duration(window) +
                " to arrive, but with 'publishing: on_arrival' the run ends after " +
                format_duration(made.publish_for) + " (duration)");
}

/// The names that expectations use exist. Each entry of the list is told of once.
void check_expected_names(const expectation& what, const config::node& entry, const scenario& made,
                          config::diagnostics& wrong) {
  std::vector<std::string> groups;
  for (const device_group& group : made.fleet) groups.push_back(group.name);
  std::vector<std::string> stages;
  for (const stage& each : made.stages) stages.push_back(each.name);
  const auto check = [&](std::string_view key, const std::string& name,
                         const std::vector<std::string>& known) {
    if (name.empty() || std::find(known.begin(), known.end(), name) != known.end()) return;
    const std::string hint =
        known.empty() ? "; the scenario has none" : config::suggest(name, known);
    wrong.add(*entry.find(key), "there is no " + std::string(key) + " '" + name + "'" + hint);
  };
  check("group", what.group, groups);
  check("stage", what.stage, stages);
}

void check_expectations(const scenario& made, const config::node& from,
                        config::diagnostics& wrong) {
  const auto path_of = [&](const expectation& what) -> const config::node& {
    const auto& items = from.find("expect")->items;
    return *std::find_if(items.begin(), items.end(),
                         [&](const config::node& item) { return item.at == what.where; });
  };
  const bool anybody_subscribes =
      std::any_of(made.fleet.begin(), made.fleet.end(),
                  [](const device_group& group) { return !group.subscribe.empty(); });
  const auto narrowed = std::count_if(made.expect.begin(), made.expect.end(), [](const auto& each) {
    return each.abort_after && (!each.group.empty() || !each.qos.empty() || !each.stage.empty());
  });
  if (narrowed > static_cast<std::ptrdiff_t>(narrowed_live_max)) {
    wrong.add(*from.find("expect"), "at most " + std::to_string(narrowed_live_max) +
                                        " figures with 'abort_on' can be narrowed to a group, "
                                        "stage or QoS, not " +
                                        std::to_string(narrowed));
  }
  config::place names_checked;
  config::place subscribe_reported;
  for (const expectation& each : made.expect) {
    if (names_checked != each.where) {
      names_checked = each.where;
      check_expected_names(each, path_of(each), made, wrong);
    }
    const bool any_host = std::any_of(made.fleet.begin(), made.fleet.end(),
                                      [](const auto& group) { return group.sparkplug_host; });
    if (each.what == figure::sparkplug_faults && !any_host) {
      wrong.add(path_of(each),
                "no group is a host application that could find faults; add one with "
                "'sparkplug_host'");
    }
    const bool of_deliveries = is_of_messages(each.what) && each.what != figure::sent &&
                               each.what != figure::dropped_offline;
    if (of_deliveries && !anybody_subscribes && subscribe_reported != each.where) {
      subscribe_reported = each.where;
      wrong.add(path_of(each),
                "no group subscribes to anything, so there would be no delivery to "
                "judge '" +
                    std::string(figure_name(each.what)) + "' by");
    }
  }
}

}  // namespace

void check_scenario(const scenario& made, const config::node& from, config::diagnostics& wrong) {
  const bool named_apart = check_group_names(made, from, wrong);
  const bool countable = check_size(made, from, wrong);
  if (named_apart && countable) check_client_ids(made, from, wrong);
  check_first_messages(made, from, wrong);
  check_arrival(made, from, wrong);
  check_disturbances(made, from, wrong);
  check_faults(made, from, wrong);
  check_expectations(made, from, wrong);
  check_unstamped(made, from, wrong);
  check_reaction_loops(made, from, wrong);
}

}  // namespace gauntlet::sim
