#pragma once

// The plan as the delivery checker asks for it.

#include "harness/history/delivery_account.hpp"
#include "harness/history/will_account.hpp"
#include "sim/plan/fleet_plan.hpp"
#include "sim/plan/life_plan.hpp"

namespace gauntlet::sim {

/// Describes streams out of the plan. The arguments must outlive it.
class plan_catalogue final : public history::stream_catalogue, public history::will_catalogue {
 public:
  /// Planned times count from `publishing_start` on; those in `recorded` count instead of the
  /// plan's.
  plan_catalogue(const fleet_plan& plan, time_point publishing_start,
                 const history::recorded_times& recorded)
      : plan_(plan), lives_(plan), publishing_start_(publishing_start), recorded_(recorded) {}

  history::stream_facts describe(history::stream_index stream) const override;
  history::will_facts describe_will(history::receiver_index device) const override;
  std::uint32_t first_scheduled_from(history::stream_index stream, time_point when) const override;
  std::vector<time_point> later_stages() const override;

 private:
  const fleet_plan& plan_;
  life_plan lives_;
  time_point publishing_start_;
  const history::recorded_times& recorded_;
};

}  // namespace gauntlet::sim
