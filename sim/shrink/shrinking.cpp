#include "sim/shrink/shrinking.hpp"

#include <set>
#include <utility>

#include "harness/config/yaml_text.hpp"
#include "sim/shrink/reduction.hpp"

namespace gauntlet::sim {

outcome<shrink_result> shrink_scenario(
    config::node scenario, const scenario_trial& run, std::size_t trials_max,
    const std::function<void(const std::string& step, std::size_t trials)>& on_step) {
  shrink_result found{.smallest = std::move(scenario)};
  std::set<std::string> tried{config::to_yaml(found.smallest)};
  // After a step the list is made anew; going on from the same place in it spares the reductions
  // before, which have failed a moment ago. The last round begins at the front.
  std::size_t next = 0;
  bool changed_this_round = false;
  for (;;) {
    const auto ways = reductions_of(found.smallest);
    if (next >= ways.size()) {
      if (!changed_this_round) {
        found.complete = true;
        return found;
      }
      next = 0;
      changed_this_round = false;
      continue;
    }
    config::node smaller = found.smallest;
    ways[next].apply(smaller);
    if (!tried.insert(config::to_yaml(smaller)).second) {
      ++next;
      continue;
    }
    if (found.trials >= trials_max) return found;
    const auto came = run(smaller);
    if (!came) return came.error();
    if (*came == trial_result::stop_here) return found;
    if (*came != trial_result::no_sense) ++found.trials;
    if (*came != trial_result::fails) {
      ++next;
      continue;
    }
    found.smallest = std::move(smaller);
    found.steps.push_back(ways[next].text);
    changed_this_round = true;
    if (on_step) on_step(found.steps.back(), found.trials);
  }
}

}  // namespace gauntlet::sim
