#include "harness/fault_config/rule_reader.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "harness/config/load.hpp"

namespace gauntlet::fault_config {
namespace {

constexpr duration long_time = std::chrono::hours(24 * 365);

/// The place of a fault in a list, for what is wrong with it.
const config::node& list_in(const config::node& root) {
  const config::node* faults = root.find("faults");
  return faults != nullptr ? *faults : root;
}

void check_names(const std::vector<fault::rule>& rules, const config::node& from,
                 config::diagnostics& wrong) {
  std::set<std::string> seen;
  for (std::size_t i = 0; i < rules.size(); ++i) {
    if (rules[i].name.empty() || seen.insert(rules[i].name).second) continue;
    const config::node* place = from.items[i].find("name");
    wrong.add(place != nullptr ? *place : from.items[i],
              "there is a fault '" + rules[i].name + "' already");
  }
}

}  // namespace

std::vector<std::string> action_keys() {
  std::vector<std::string> names;
  for (const action_key& each : action_readers()) names.push_back(each.name);
  return names;
}

config::reader<std::string> fault_name() {
  return config::checked<std::string>(
      config::text({.length_min = 1, .length_max = 64}), [](const std::string& name) {
        const bool plain = std::all_of(name.begin(), name.end(), [](char c) {
          return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                 c == '-' || c == '_' || c == '.';
        });
        return plain ? std::string()
                     : "the name of a fault is made of letters, digits, '-', '_' and '.', not '" +
                           name + "'";
      });
}

config::reader<duration> fault_time() { return config::time_span(duration::zero(), long_time); }

void check_rule(const fault::rule& made, const config::node& from, config::diagnostics& wrong) {
  const fault::active_time& when = made.when;
  if (when.every && !when.lasting) {
    wrong.add(*from.find("every"), "a fault that comes again has to end before: say 'for'");
  } else if (when.every && *when.every <= *when.lasting) {
    wrong.add(*from.find("every"),
              "it comes again before it is over: 'for' is " + format_duration(*when.lasting));
  }
  if (when.lasting && *when.lasting == duration::zero()) {
    wrong.add(*from.find("for"), "a fault lasts longer than no time");
  }
  const auto* cut = std::get_if<fault::cut>(&made.what);
  const config::node* keys = from.find("cut");
  if (cut == nullptr || keys == nullptr || cut->when == fault::cut::moment::mid) return;
  for (const char* key : {"bytes", "fraction"}) {
    if (const config::node* found = keys->find(key)) {
      wrong.add(*found, "only a cut with 'moment: mid' passes a part of the packet");
    }
  }
}

config::reader<fault::rule> rule_reader() {
  struct holder {
    fault::rule rule;
  };
  config::object<holder> keys("A fault between clients and broker");
  add_rule_keys(keys, &holder::rule);
  keys.exactly_one(action_keys());
  keys.check([](const holder& made, const config::node& from, config::diagnostics& wrong) {
    check_rule(made.rule, from, wrong);
  });
  return config::converted<fault::rule, holder>(keys.build(),
                                                [](holder made) { return std::move(made.rule); });
}

void name_rules(std::vector<fault::rule*> rules) {
  std::set<std::string> taken;
  std::map<std::string, std::size_t, std::less<>> nameless;
  for (const fault::rule* each : rules) {
    if (!each->name.empty()) taken.insert(each->name);
    if (each->name.empty()) ++nameless[std::string(fault::name_of(each->what))];
  }
  std::map<std::string, std::size_t> given;
  for (fault::rule* each : rules) {
    if (!each->name.empty()) continue;
    const std::string kind(fault::name_of(each->what));
    std::string name = kind;
    for (std::size_t i = nameless[kind] > 1 ? 1 : 0; i > 0 || taken.contains(name); ++i) {
      name = kind + "-" + std::to_string(++given[kind]);
      if (!taken.contains(name)) break;
    }
    taken.insert(name);
    each->name = std::move(name);
  }
}

config::reader<std::vector<fault::rule>> rules_reader() {
  auto made = config::list_of(rule_reader(), 0, 10'000);
  made.read = [read = std::move(made.read)](const config::node& from, std::vector<fault::rule>& to,
                                            config::diagnostics& wrong) {
    if (!read(from, to, wrong)) return false;
    const std::size_t before = wrong.count();
    check_names(to, from, wrong);
    std::vector<fault::rule*> all;
    for (fault::rule& each : to) all.push_back(&each);
    name_rules(std::move(all));
    return wrong.count() == before;
  };
  return made;
}

namespace {

/// A list, or a mapping with the one key `faults`.
config::reader<std::vector<fault::rule>> file_reader() {
  config::reader<std::vector<fault::rule>> made = rules_reader();
  made.read = [list = std::move(made.read)](const config::node& from, std::vector<fault::rule>& to,
                                            config::diagnostics& wrong) {
    if (from.is != config::node::type::mapping) return list(from, to, wrong);
    for (const config::member& each : from.members) {
      if (each.key != "faults") {
        wrong.add(each.key_at, "expected the one key 'faults', not '" + each.key + "'");
      }
    }
    return list(list_in(from), to, wrong);
  };
  return made;
}

}  // namespace

config::loaded<std::vector<fault::rule>> parse_rules(std::string_view text, std::string file) {
  // Making it takes longer than reading a file with it.
  static const config::reader<std::vector<fault::rule>> reader = file_reader();
  return config::load_text(text, std::move(file), reader);
}

config::loaded<std::vector<fault::rule>> load_rules(const std::filesystem::path& file) {
  config::diagnostics wrong(file.string());
  std::string text;
  if (!config::read_text_file(file, config::parse_limits{}.size_bytes_max, text, wrong)) {
    return {boost::system::in_place_error, wrong.take()};
  }
  return parse_rules(text, file.string());
}

}  // namespace gauntlet::fault_config
