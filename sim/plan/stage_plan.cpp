#include "sim/plan/stage_plan.hpp"

#include <algorithm>
#include <cmath>

#include "harness/base/units.hpp"

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

double stage_plan::load_at(duration time) const {
  const std::size_t stage = at(time);
  const load_piece& piece = load_[stage];
  const auto passed = static_cast<double>((std::min(time, end(stage)) - begin(stage)).count());
  return piece.from + (piece.to - piece.from) * passed / static_cast<double>(piece.length.count());
}

std::string describe_load(const load_range& load) {
  const auto percent = [](double factor) {
    return format_number(std::round(factor * 10'000) / 100) + "%";
  };
  return "load " + percent(load.from) +
         (load.from == load.to ? std::string() : " to " + percent(load.to));
}

}  // namespace gauntlet::sim
