#pragma once

// The stages of a scenario on its time line, and the load that they make.

#include <string>
#include <vector>

#include "sim/plan/time_warp.hpp"
#include "sim/scenario/scenario.hpp"

namespace gauntlet::sim {

/// Where stages begin and end. A scenario with a `duration` alone has one stage without a name.
class stage_plan {
 public:
  explicit stage_plan(const scenario& what);

  std::size_t count() const { return ends_.size(); }
  /// The stage in which a planned time falls; the last one for anything later than the end.
  std::size_t at(duration due) const;
  /// Empty if the scenario has no stages.
  const std::string& name(std::size_t stage) const { return names_[stage]; }
  duration begin(std::size_t stage) const {
    return stage == 0 ? duration::zero() : ends_[stage - 1];
  }
  duration end(std::size_t stage) const { return ends_[stage]; }

  /// The load of the stages over time.
  const std::vector<load_piece>& load() const { return load_; }
  /// The load at a moment; that of the end after it.
  double load_at(duration time) const;

 private:
  std::vector<std::string> names_;
  std::vector<duration> ends_;
  std::vector<load_piece> load_;
};

/// "load 500%", "load 10% to 100%".
std::string describe_load(const load_range& load);

}  // namespace gauntlet::sim
