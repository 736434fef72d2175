// Readers of state machines and switches.

#include <algorithm>
#include <cmath>
#include <utility>

#include "sim/scenario/limits.hpp"
#include "sim/scenario/signal_parts_reader.hpp"

namespace gauntlet::sim {
namespace {

using config::object;

config::reader<dwell_time> dwell_reader() {
  return config::scalar_or(
      config::converted<dwell_time, duration>(
          signal_interval(), [](duration mean) { return dwell_time{.mean = mean}; }),
      object<dwell_time>("Uniform between two bounds")
          .required("min", &dwell_time::min, signal_interval(), "The shortest time")
          .required("max", &dwell_time::max, signal_interval(), "The longest time")
          .check([](const dwell_time& made, const config::node& from, config::diagnostics& wrong) {
            if (made.min > made.max) wrong.add(from, "min is larger than max");
          })
          .build());
}

using transition_list = std::vector<machine_signal::transition>;
using share_list = std::vector<std::pair<std::string, share>>;

config::reader<transition_list> next_reader() {
  return config::scalar_or(
      config::converted<transition_list, std::string>(config::text({.length_min = 1}),
                                                      [](std::string to) {
                                                        return transition_list{{std::move(to), 1}};
                                                      }),
      config::converted<transition_list, share_list>(
          config::mapping_of(config::percentage(), 1, 100), [](share_list all) {
            transition_list made;
            for (auto& [name, part] : all) made.push_back({std::move(name), part.fraction()});
            return made;
          }));
}

config::reader<machine_signal::state> state_reader() {
  using state = machine_signal::state;
  return object<state>("A state: how long it lasts, and what follows")
      .optional("dwell", &state::dwell, dwell_reader(),
                "Mean of an exponential time, or min and max of a uniform one. Without it 'next' "
                "has the probabilities of a change from one sample to the next")
      .optional("next", &state::next, next_reader(),
                "The state that follows, or states with their probabilities; without it the end")
      .build();
}

using state_list = std::vector<std::pair<std::string, machine_signal::state>>;

config::reader<std::vector<machine_signal::state>> states_reader() {
  return config::converted<std::vector<machine_signal::state>, state_list>(
      config::mapping_of(state_reader(), 1, 100), [](state_list all) {
        std::vector<machine_signal::state> made;
        for (auto& [name, state] : all) {
          state.name = std::move(name);
          made.push_back(std::move(state));
        }
        return made;
      });
}

std::string as_percent(double sum) { return format_number(std::round(sum * 1e8) / 1e6) + "%"; }

void check_state(const machine_signal::state& state, const std::vector<std::string>& names,
                 const config::node& from, config::diagnostics& wrong) {
  double sum = 0;
  for (const auto& each : state.next) {
    sum += each.probability;
    if (std::find(names.begin(), names.end(), each.to) == names.end()) {
      wrong.add(from, "there is no state '" + each.to + "'" + config::suggest(each.to, names));
    }
  }
  if (state.dwell && state.next.empty()) {
    wrong.add(from, "a state with a dwell time needs 'next'");
  } else if (state.dwell && (sum < 0.99999999 || sum > 1.00000001)) {
    wrong.add(from, "what follows must add up to 100%, not " + as_percent(sum));
  } else if (sum > 1.00000001) {
    wrong.add(from, "what follows must add up to 100% at most, not " + as_percent(sum));
  }
}

void check_machine(const machine_signal& made, const config::node& from,
                   config::diagnostics& wrong) {
  std::vector<std::string> names;
  bool with_dwell = false;
  bool without = false;
  for (const machine_signal::state& each : made.states) {
    names.push_back(each.name);
    with_dwell = with_dwell || each.dwell;
    without = without || (!each.dwell && !each.next.empty());
  }
  const config::node& states = *from.find("states");
  for (std::size_t i = 0; i < made.states.size(); ++i) {
    check_state(made.states[i], names, states.members[i].value, wrong);
  }
  if (!made.start.empty() && std::find(names.begin(), names.end(), made.start) == names.end()) {
    wrong.add(*from.find("start"),
              "there is no state '" + made.start + "'" + config::suggest(made.start, names));
  }
  if (with_dwell && without) {
    wrong.add(states, "either all states that end have a dwell time, or none");
  }
}

}  // namespace

config::reader<machine_signal> machine_reader() {
  return object<machine_signal>("Named states that follow each other")
      .optional("start", &machine_signal::start, config::text(),
                "The first state; else the first one named")
      .required("states", &machine_signal::states, states_reader(), "The states by name")
      .check(check_machine)
      .build();
}

config::reader<switch_signal> switch_reader() {
  return object<switch_signal>("true and false in turns")
      .required("on", &switch_signal::on, dwell_reader(),
                "How long it is true: mean of an exponential time, or min and max of a uniform one")
      .required("off", &switch_signal::off, dwell_reader(), "How long it is false")
      .optional("start", &switch_signal::start, config::boolean(), "Whether it is true at first")
      .build();
}

}  // namespace gauntlet::sim
