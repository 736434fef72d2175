#pragma once

// The scenario's faults below TCP, played by the coordinator on a network that the broker is put
// behind. What cannot be done is noted, and the run goes on without it.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "harness/base/event_loop.hpp"
#include "harness/fault_host/private_link.hpp"
#include "harness/record/event_log.hpp"
#include "harness/record/guarantee_record.hpp"
#include "harness/target/placement.hpp"
#include "sim/engine/broken_connections.hpp"
#include "sim/plan/fault_plan.hpp"

namespace gauntlet::sim {

/// Plan and loop outlive it; it outlives the broker.
class host_faults {
 public:
  using note_function = std::function<void(record::event_level, std::string)>;

  host_faults(const fleet_plan& plan, event_loop& loop, note_function note);
  ~host_faults();

  /// Where the broker belongs; nothing if there is no such fault or it cannot be done here.
  /// `is_ours` says whether the broker is a process that we start.
  std::optional<target::placement> lay_link(bool is_ours);
  /// The times of faults count from `at` on.
  void start(time_point at);
  /// Ends all faults for good.
  void heal();
  /// When connections may have ended because of them.
  const std::vector<breaking_time>& breaking_times() const { return breaking_; }
  /// One record for each fault; what was active at the end ended at `run_end`.
  std::vector<record::fault_record> report(time_point run_start, time_point run_end) const;
  /// Whether any has begun.
  bool have_struck() const;

 private:
  struct playing;
  void on_due(playing& which);
  void begin(playing& which);
  void end(playing& which);
  outcome<std::size_t> strike(playing& which);
  outcome<void> shape();

  event_loop& loop_;
  note_function note_;
  std::uint64_t seed_;
  std::vector<std::unique_ptr<playing>> all_;
  std::unique_ptr<fault_host::private_link> link_;
  std::string why_not_;  ///< there is no link
  std::vector<breaking_time> breaking_;
  time_point started_{};
};

}  // namespace gauntlet::sim
