#pragma once

// Loads a scenario with what the command line says about it: values of parameters, and the scale.
// A file with a matrix is several scenarios.

#include <string>
#include <string_view>
#include <vector>

#include "harness/config/composition.hpp"
#include "sim/scenario/scenario.hpp"

namespace gauntlet::sim {

/// What is asked of a file beside what it says.
struct scenario_request {
  std::vector<config::parameter_choice> choices;  ///< --set
  double scale = 1;                               ///< --scale: of the numbers of devices; above 0
};

/// One combination of a matrix.
struct scenario_variant {
  scenario described;
  std::vector<config::parameter_value> varied;  ///< the values that make it differ; may be empty
};

/// Every combination, at least one; or everything that is wrong with the first that is wrong.
/// Scaled are the devices of each group but those with `scale: false`, and the rate at which they
/// arrive; expectations are as written (sim/plan/scaled_expectations.hpp).
config::loaded<std::vector<scenario_variant>> parse_scenarios(std::string_view text,
                                                              std::string file,
                                                              const scenario_request& request);

/// The tree of the one combination that the choices leave, whole and without parameters, as the
/// reader of scenarios takes it. A file that is several scenarios still is refused.
config::loaded<config::node> load_scenario_tree(
    std::string_view text, std::string file, const std::vector<config::parameter_choice>& choices);

}  // namespace gauntlet::sim
