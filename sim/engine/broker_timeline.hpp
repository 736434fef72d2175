#pragma once

// The scenario's faults of the broker itself, played by the coordinator at their times and at the
// packets that they wait for. What cannot be done is noted, and the run goes on without it.

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "harness/base/event_loop.hpp"
#include "harness/history/evidence.hpp"
#include "harness/record/event_log.hpp"
#include "harness/record/guarantee_record.hpp"
#include "harness/target/broker_fault.hpp"
#include "sim/engine/broken_connections.hpp"
#include "sim/plan/fault_plan.hpp"

namespace gauntlet::sim {

/// Plan, loop and broker outlive it.
class broker_timeline {
 public:
  using note_function = std::function<void(record::event_level, std::string)>;

  broker_timeline(const fleet_plan& plan, event_loop& loop, note_function note);
  ~broker_timeline();
  broker_timeline(const broker_timeline&) = delete;
  broker_timeline& operator=(const broker_timeline&) = delete;

  /// The broker; null: it is not ours, and each fault is noted as left out.
  void play_on(target::broker_control* control);
  /// The times of faults count from `at` on.
  void start(time_point at);
  /// A packet has come that faults wait for: by the number of the rule in broker_triggers_of().
  void on_packet(std::size_t trigger);
  /// Ends all faults for good, and brings the broker back. Does nothing the second time.
  void heal();

  /// Whether the broker is there and no fault of its own is under way.
  bool is_whole() const;
  /// Whether it did not come back.
  bool is_lost() const;
  /// What happened to it, for those who judge what it kept; with the number of the fault among
  /// those of report(), from 1.
  const std::vector<history::broker_event>& events() const { return events_; }
  /// When connections ended because of it.
  const std::vector<breaking_time>& breaking_times() const { return breaking_; }
  /// One record for each fault; what was active at the end ended at `run_end`.
  std::vector<record::fault_record> report(time_point run_start, time_point run_end) const;

 private:
  struct playing;
  void on_due(playing& which);
  void strike(playing& which);
  void on_event(const target::broker_event& event);
  void keep(const target::broker_event& event, const playing& which);
  void note_breaking(const target::broker_event& event, playing& which);

  event_loop& loop_;
  note_function note_;
  std::vector<std::unique_ptr<playing>> all_;
  std::vector<playing*> struck_;  ///< by the number that the broker's faults give, from 1
  std::vector<history::broker_event> events_;
  std::vector<breaking_time> breaking_;
  std::unique_ptr<target::broker_faults> faults_;
  bool is_ours_ = false;
  bool healed_ = false;
  time_point started_ = time_point::max();
};

}  // namespace gauntlet::sim
