#pragma once

// Reads faults from YAML or JSON, for every file and request that holds some:
//     - name: lost-puback
//       at: 5s
//       for: 10s
//       when: {packet: puback, direction: to_client, nth: 3}
//       drop: {}

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "harness/config/object.hpp"
#include "harness/fault/rule.hpp"

namespace gauntlet::fault_config {

/// Names of the keys of which exactly one says what a fault does.
std::vector<std::string> action_keys();

/// One of those keys.
struct action_key {
  std::string name;
  std::string doc;
  config::reader<fault::action> read;
};
std::vector<action_key> action_readers();

config::reader<fault::selection> selection_reader();
config::reader<std::string> fault_name();
config::reader<duration> fault_time();

/// Adds the keys of a fault to the table of whatever holds one.
template <class T>
void add_rule_keys(config::object<T>& table, fault::rule T::*into) {
  using fault::rule;
  table.template derived<std::string>(
      "name", fault_name(), [into](T& to, std::string name) { (to.*into).name = std::move(name); },
      "What reports and traces call it; else its kind and number");
  table.template derived<duration>(
      "at", fault_time(), [into](T& to, duration at) { (to.*into).when.at = at; },
      "When it begins; without it at once");
  table.template derived<duration>(
      "for", fault_time(), [into](T& to, duration length) { (to.*into).when.lasting = length; },
      "How long it lasts; without it until the end");
  table.template derived<duration>(
      "every", fault_time(), [into](T& to, duration period) { (to.*into).when.every = period; },
      "It begins again so long after it began");
  table.template derived<std::string>(
      "clients", config::text({.length_min = 1, .length_max = 65'535}),
      [into](T& to, std::string glob) { (to.*into).who.clients = std::move(glob); },
      "Which Client Identifiers, with * and ?; without it all");
  table.template derived<fault::selection>(
      "when", selection_reader(),
      [into](T& to, fault::selection which) {
        which.clients = std::move((to.*into).who.clients);
        (to.*into).who = std::move(which);
      },
      "Which packets, and how often");
  for (action_key& each : action_readers()) {
    table.template derived<fault::action>(
        each.name, std::move(each.read),
        [into](T& to, fault::action what) { (to.*into).what = std::move(what); }, each.doc);
  }
}

/// What no single key shows to be wrong with a fault.
void check_rule(const fault::rule& made, const config::node& from, config::diagnostics& wrong);

/// One fault by itself.
config::reader<fault::rule> rule_reader();

/// A list of them, with a name for each that has none; a name that stands twice is told.
config::reader<std::vector<fault::rule>> rules_reader();

/// Gives names to faults that have none: the kind, and a number if there is more than one.
void name_rules(std::vector<fault::rule*> rules);

/// Loads a file that is a list of faults, or a mapping with the one key `faults`.
config::loaded<std::vector<fault::rule>> load_rules(const std::filesystem::path& file);
/// The same from text; `file` is for messages.
config::loaded<std::vector<fault::rule>> parse_rules(std::string_view text, std::string file);

}  // namespace gauntlet::fault_config
