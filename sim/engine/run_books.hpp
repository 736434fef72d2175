#pragma once

// What a run leaves behind before anybody judges it: of one host, or merged of several. Judging it
// is the same for both.

#include <optional>
#include <string>

#include "harness/history/ledger.hpp"
#include "harness/record/run_result.hpp"
#include "sim/engine/live_watch.hpp"
#include "sim/plan/fleet_plan.hpp"

namespace gauntlet::sim {

/// All that is known of a run. Its times stand on one time line, whatever its zero.
struct run_books {
  /// Complete but for the deliveries, the wills, the expectations and the verdict.
  record::run_result result;
  history::ledger ledger;
  time_point run_start{};
  time_point publishing_start = time_point::max();  ///< max: nothing was published
  duration publishing{};                            ///< how long messages were due
  bool drained = false;  ///< nothing was under way any more when the devices were taken down
  std::optional<early_end> ended_early;
};

/// Judges deliveries, wills and expectations. `scenario_path` is for the places of expectations.
record::run_result judge_run(const fleet_plan& plan, const std::string& scenario_path,
                             run_books books);

}  // namespace gauntlet::sim
