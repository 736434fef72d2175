#pragma once

// The search for the smallest scenario that still fails: tries one reduction after the other and
// keeps those with which the failure stays, until none is left that could go, or no more trials are
// permitted. Minimal in the sense that no single reduction can be applied any more.

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "harness/base/result.hpp"
#include "harness/config/node.hpp"

namespace gauntlet::sim {

/// What came of one scenario that was tried.
enum class trial_result : std::uint8_t {
  fails,      ///< as the whole one does: go on from here
  passes,     ///< or fails otherwise
  no_sense,   ///< is no scenario any more; costs nothing
  stop_here,  ///< give up searching, such as on Ctrl-C
};

/// Runs a smaller scenario; a failure ends the search.
using scenario_trial = std::function<outcome<trial_result>(const config::node& smaller)>;

struct shrink_result {
  config::node smallest;
  std::vector<std::string> steps;  ///< that were kept, in order
  std::size_t trials = 0;          ///< scenarios that were run
  bool complete = false;           ///< nothing more could go; else trials or patience were over
};

/// Begins with a scenario that fails. `on_step` hears each step that is kept.
outcome<shrink_result> shrink_scenario(
    config::node scenario, const scenario_trial& run, std::size_t trials_max,
    const std::function<void(const std::string& step, std::size_t trials)>& on_step = {});

}  // namespace gauntlet::sim
