#pragma once

// What a scenario will do, in words and figures, for somebody who has just written it: group by
// group, stage by stage, what is judged and what is not.

#include <string>
#include <vector>

#include "sim/plan/fleet_plan.hpp"

namespace gauntlet::sim {

/// What one publication of a group amounts to, over all its devices.
struct publication_figures {
  double messages = 0;
  double deliveries = 0;            ///< to be expected, as in plan_summary
  std::uint64_t payload_bytes = 0;  ///< of its first message
  bool is_due = false;              ///< whether any message of it is planned
};

/// The figures of each publication of each group, in the order of the file.
std::vector<std::vector<publication_figures>> figures_of(const fleet_plan& plan);

/// Paragraphs for people, each a few lines: the groups, the load, the expectations, and what nobody
/// asked for.
std::string explain(const fleet_plan& plan);

}  // namespace gauntlet::sim
