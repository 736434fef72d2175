#include "sim/scenario/fault_schedule_reader.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "harness/config/object.hpp"
#include "harness/fault_config/rule_reader.hpp"
#include "sim/scenario/any_time.hpp"
#include "sim/scenario/broker_fault_reader.hpp"
#include "sim/scenario/field_readers.hpp"
#include "sim/scenario/host_fault_reader.hpp"
#include "sim/scenario/limits.hpp"

namespace gauntlet::sim {
namespace {

using config::object;

/// Below TCP nobody knows of devices and packets of MQTT.
void check_host_fault(const scheduled_fault& made, const config::node& from,
                      config::diagnostics& wrong) {
  if (!made.host) return;
  for (const char* key : {"groups", "share", "clients", "when"}) {
    if (const config::node* found = from.find(key)) {
      wrong.add(*found, std::string(fault_host::name_of(*made.host)) +
                            " is a fault of the network of all devices, which knows no '" + key +
                            "'");
    }
  }
}

config::reader<scheduled_fault> fault_reader() {
  object<scheduled_fault> table("What happens between devices and broker");
  fault_config::add_rule_keys(table, &scheduled_fault::rule);
  std::vector<std::string> actions = fault_config::action_keys();
  for (host_fault_key& each : host_fault_keys()) {
    actions.push_back(each.name);
    table.derived<fault_host::host_fault>(
        each.name, std::move(each.read),
        [](scheduled_fault& to, fault_host::host_fault what) { to.host = what; }, each.doc);
  }
  actions.emplace_back("broker");
  add_broker_fault_keys(table);
  table
      .optional("groups", &scheduled_fault::groups, config::list_of(identifier(), 1, 1'000),
                "The devices of these groups; without it all")
      .derived<share>(
          "share", config::percentage(),
          [](scheduled_fault& to, share part) { to.share = part.fraction(); },
          "So many of them, chosen by the seed; without it all")
      .placed(&scheduled_fault::where)
      .exactly_one(std::move(actions))
      .check([](const scheduled_fault& made, const config::node& from, config::diagnostics& wrong) {
        if (!made.is_of_broker()) fault_config::check_rule(made.rule, from, wrong);
        check_broker_fault(made, from, wrong);
        check_host_fault(made, from, wrong);
      });
  return table.build();
}

void check_groups(const scenario& made, const scheduled_fault& fault, const config::node& from,
                  config::diagnostics& wrong) {
  std::vector<std::string> names;
  for (const device_group& group : made.fleet) names.push_back(group.name);
  for (std::size_t i = 0; i < fault.groups.size(); ++i) {
    if (std::find(names.begin(), names.end(), fault.groups[i]) != names.end()) continue;
    wrong.add(from.find("groups")->items[i], "there is no group '" + fault.groups[i] + "'" +
                                                 config::suggest(fault.groups[i], names));
  }
}

void check_list(const scenario& made, const std::vector<scheduled_fault>& faults,
                const config::node& from, std::set<std::string>& names,
                config::diagnostics& wrong) {
  for (std::size_t i = 0; i < faults.size(); ++i) {
    const config::node& item = from.items[i];
    check_groups(made, faults[i], item, wrong);
    if (faults[i].rule.when.at >= made.publish_for) {
      wrong.add(*item.find("at"), "the scenario is over before: its duration is " +
                                      format_duration(made.publish_for));
    }
    const std::string& name = faults[i].rule.name;
    if (!name.empty() && !names.insert(name).second) {
      wrong.add(*item.find("name"), "there is a fault '" + name + "' already");
    }
  }
}

}  // namespace

config::reader<std::vector<scheduled_fault>> faults_reader() {
  return config::list_of(fault_reader(), 0, 1'000);
}

config::reader<chaos_settings> chaos_reader() {
  return object<chaos_settings>("Random faults out of a list, chosen by the seed")
      .optional("every", &chaos_settings::every,
                config::time_span(std::chrono::milliseconds(1), scenario_time_max),
                "Mean time from one to the next")
      .optional("for", &chaos_settings::lasting,
                config::time_span(std::chrono::milliseconds(1), scenario_time_max),
                "How long those last that do not say so themselves")
      .optional("at_most", &chaos_settings::at_most, count_from(1, 10'000), "How many in all")
      .required("from", &chaos_settings::from, config::list_of(fault_reader(), 1, 100),
                "The faults; without 'at' and 'every'")
      .build();
}

config::reader<std::optional<guarantee_settings>> guarantees_reader() {
  auto word = config::converted<std::optional<guarantee_settings>, bool>(
      config::boolean(), [](bool wanted) {
        return wanted ? std::optional<guarantee_settings>(guarantee_settings{}) : std::nullopt;
      });
  auto settings = config::converted<std::optional<guarantee_settings>, guarantee_settings>(
      object<guarantee_settings>("What the broker is said to keep")
          .optional("queue_limit", &guarantee_settings::queue_limit, count_from(1),
                    "Messages that it keeps for a session that is away; without it all")
          .optional("survives_stop", &guarantee_settings::survives_stop, config::boolean(),
                    "What it has acknowledged outlives a stop in order")
          .optional("survives_kill", &guarantee_settings::survives_kill, config::boolean(),
                    "And a kill")
          .optional("kill_margin", &guarantee_settings::kill_margin, any_time(),
                    "If it was acknowledged so long before")
          .build(),
      [](guarantee_settings made) { return std::optional<guarantee_settings>(made); });
  return config::scalar_or(std::move(word), std::move(settings));
}

void check_faults(const scenario& made, const config::node& from, config::diagnostics& wrong) {
  std::set<std::string> names;
  if (const config::node* list = from.find("faults")) {
    check_list(made, made.faults, *list, names, wrong);
  }
  if (!made.chaos) return;
  const config::node& list = *from.find("chaos")->find("from");
  check_list(made, made.chaos->from, list, names, wrong);
  for (const config::node& item : list.items) {
    for (const char* key : {"at", "every"}) {
      if (const config::node* found = item.find(key)) {
        wrong.add(*found, "chaos itself chooses the times of its faults");
      }
    }
    const config::node* at_packets = item.find("when");
    if (at_packets != nullptr && item.find("broker") != nullptr) {
      wrong.add(*at_packets, "chaos itself chooses when it strikes the broker");
    }
  }
}

namespace {

/// What a fault is called that is none of connections; empty: it is one.
std::string kind_of(const scheduled_fault& fault) {
  if (fault.is_of_broker()) return "broker-" + std::string(word_of(fault.broker.what));
  return fault.host ? std::string(fault_host::name_of(*fault.host)) : std::string();
}

/// As name_rules() does for those that have an action.
void name_other_faults(const std::vector<scheduled_fault*>& all) {
  std::set<std::string> taken;
  for (const scheduled_fault* each : all) taken.insert(each->rule.name);
  for (scheduled_fault* each : all) {
    const std::string kind = kind_of(*each);
    if (kind.empty() || !each->rule.name.empty()) continue;
    std::string name = kind;
    for (std::size_t i = 2; taken.contains(name); ++i) name = kind + "-" + std::to_string(i);
    taken.insert(name);
    each->rule.name = std::move(name);
  }
}

}  // namespace

void name_faults(scenario& made) {
  std::vector<scheduled_fault*> all;
  for (scheduled_fault& each : made.faults) all.push_back(&each);
  if (made.chaos) {
    for (scheduled_fault& each : made.chaos->from) all.push_back(&each);
  }
  name_other_faults(all);
  std::vector<fault::rule*> rules;
  for (scheduled_fault* each : all) rules.push_back(&each->rule);
  fault_config::name_rules(std::move(rules));
}

}  // namespace gauntlet::sim
