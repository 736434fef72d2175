#pragma once

// The words that say which scenario, with which parameters and how large; the same for every
// command that reads one.

#include <optional>
#include <string>
#include <vector>

#include <CLI/App.hpp>

#include "harness/base/result.hpp"
#include "sim/scenario/load_scenarios.hpp"

namespace gauntlet::cli {

/// Values of the flags as given.
struct scenario_flags {
  std::string scenario;
  std::vector<std::string> set;
  std::optional<double> scale;
};

/// A scenario file as chosen.
struct chosen_scenarios {
  std::string path;
  std::string source;
  std::vector<sim::scenario_variant> variants;  ///< at least one; more with a matrix
};

/// A scenario as a tree, for commands that change it.
struct chosen_tree {
  std::string path;
  config::node tree;
};

void add_scenario_flags(CLI::App& command, scenario_flags& into);

/// Finds, reads and checks it, everything scaled; fails with all that is wrong.
outcome<chosen_scenarios> load_scenarios(const scenario_flags& flags);

/// The same as a tree that no reader has looked at; it must not be scaled nor a matrix.
outcome<chosen_tree> load_scenario_tree(const scenario_flags& flags);

}  // namespace gauntlet::cli
