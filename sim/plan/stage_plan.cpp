#include "sim/plan/stage_plan.hpp"

#include <algorithm>

namespace gauntlet::sim {

stage_plan::stage_plan(const scenario& what) {
  duration end{};
  for (const stage& each : what.stages) {
    end += each.length;
    names_.push_back(each.name);
    ends_.push_back(end);
    load_.push_back({.length = each.length, .from = each.load.from, .to = each.load.to});
  }
  if (!what.stages.empty()) return;
  names_.emplace_back();
  ends_.push_back(what.publish_for);
  load_.push_back({.length = what.publish_for});
}

std::size_t stage_plan::at(duration due) const {
  const auto after = std::upper_bound(ends_.begin(), ends_.end() - 1, due);
  return static_cast<std::size_t>(after - ends_.begin());
}

}  // namespace gauntlet::sim
