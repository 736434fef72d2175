#include "sim/scenario/sensor_checks.hpp"

#include <algorithm>
#include <cstdint>
#include <vector>

#include "harness/config/node.hpp"
#include "harness/config/reader.hpp"

namespace gauntlet::sim {
namespace {

/// How many sensors one value may ask in all, itself included; sensors that two others ask count
/// twice.
constexpr std::uint64_t evaluations_max = 1'000;

std::vector<std::string> names_of(std::span<const sensor> sensors) {
  std::vector<std::string> names;
  for (const sensor& each : sensors) names.push_back(each.name);
  return names;
}

/// What is wrong with one name, or an empty text.
std::string name_error(const std::string& name, const std::string& member,
                       std::span<const sensor> sensors) {
  const auto found = std::find_if(sensors.begin(), sensors.end(),
                                  [&](const sensor& each) { return each.name == name; });
  if (found == sensors.end()) {
    if (sensors.empty()) return "there is no sensor '" + name + "'; this group has no 'sensors'";
    return "there is no sensor '" + name + "'" + config::suggest(name, names_of(sensors));
  }
  const auto members = members_of(found->signal);
  if (member.empty() && members.empty()) return {};
  if (members.empty()) return "the sensor '" + name + "' has no members";
  if (std::find(members.begin(), members.end(), member) != members.end()) return {};
  std::string all;
  for (const std::string& each : members) all += (all.empty() ? "" : ", ") + name + "." + each;
  return "write one of the members of '" + name + "': " + all;
}

/// The expression in a signal, if there is one.
const expression* expression_of(const signal_description& signal) {
  if (const auto* computed = std::get_if<expression_signal>(&signal)) return &computed->formula;
  const auto* battery = std::get_if<battery_signal>(&signal);
  return battery != nullptr && battery->active ? &*battery->active : nullptr;
}

/// Follows the expressions from sensor to sensor.
class dependency_walk {
 public:
  explicit dependency_walk(std::span<const sensor> sensors)
      : sensors_(sensors), cost_(sensors.size(), 0), under_way_(sensors.size(), false) {}

  /// How many evaluations a value costs; 0 if the sensor depends on itself.
  std::uint64_t cost(std::size_t number) {
    if (under_way_[number]) {
      const auto again = std::find(path_.begin(), path_.end(), number);
      for (auto at = again; at != path_.end(); ++at) cycle_ += sensors_[*at].name + " -> ";
      cycle_ += sensors_[number].name;
      return 0;
    }
    if (cost_[number] != 0) return cost_[number];
    under_way_[number] = true;
    path_.push_back(number);
    std::uint64_t sum = 1;
    if (const expression* formula = expression_of(sensors_[number].signal)) {
      for (const expression::use& each : formula->sensors()) {
        const auto found = std::find_if(sensors_.begin(), sensors_.end(),
                                        [&](const sensor& s) { return s.name == each.sensor; });
        const std::uint64_t one = cost(static_cast<std::size_t>(found - sensors_.begin()));
        if (one == 0) return 0;
        sum = std::min(sum + one, evaluations_max + 1);
      }
    }
    path_.pop_back();
    under_way_[number] = false;
    return cost_[number] = sum;
  }

  const std::string& cycle() const { return cycle_; }

 private:
  std::span<const sensor> sensors_;
  std::vector<std::uint64_t> cost_;
  std::vector<bool> under_way_;
  std::vector<std::size_t> path_;
  std::string cycle_;
};

}  // namespace

std::string names_error(const expression& formula, std::span<const sensor> sensors) {
  for (const expression::use& each : formula.sensors()) {
    const std::string why = name_error(each.sensor, each.member, sensors);
    if (!why.empty()) return "expression, column " + std::to_string(each.column) + ": " + why;
  }
  return {};
}

std::string names_error(const signal_description& signal, std::span<const sensor> sensors) {
  if (const auto* reference = std::get_if<reference_signal>(&signal)) {
    return name_error(reference->sensor, reference->member, sensors);
  }
  const expression* formula = expression_of(signal);
  return formula == nullptr ? std::string() : names_error(*formula, sensors);
}

void check_sensors(std::span<const sensor> sensors, const config::node& from,
                   config::diagnostics& wrong) {
  const std::size_t before = wrong.count();
  for (std::size_t i = 0; i < sensors.size(); ++i) {
    const std::string why = names_error(sensors[i].signal, sensors);
    if (!why.empty()) wrong.add(from.members[i].value, why);
  }
  if (wrong.count() != before) return;
  for (std::size_t i = 0; i < sensors.size(); ++i) {
    dependency_walk walk(sensors);
    const std::uint64_t cost = walk.cost(i);
    if (cost == 0) {
      wrong.add(from.members[i].value, "a sensor cannot depend on itself: " + walk.cycle());
      return;
    }
    if (cost > evaluations_max) {
      wrong.add(from.members[i].value,
                "one value would ask more than 1000 sensors; name what is asked often in fewer "
                "expressions");
      return;
    }
  }
}

}  // namespace gauntlet::sim
