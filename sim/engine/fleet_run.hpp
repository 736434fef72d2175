#pragma once

// The coordinator: takes one run through its phases on one event loop, real or virtual. It touches
// no device; it gives orders to workers, watches them and the target, and assembles the result.

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "harness/net/network.hpp"
#include "harness/record/run_result.hpp"
#include "harness/target/target.hpp"
#include "sim/engine/broker_timeline.hpp"
#include "sim/engine/host_faults.hpp"
#include "sim/engine/live_watch.hpp"
#include "sim/engine/run_books.hpp"
#include "sim/engine/run_scenario.hpp"
#include "sim/engine/worker_link.hpp"

namespace gauntlet::sim {

/// What a run stands on; all of it outlives the run.
struct run_ground {
  net::network& network;
  std::vector<std::unique_ptr<worker_link>> workers;
  machine_plan machine;
  /// How often to look after workers and target, and to show progress.
  duration tick_interval = std::chrono::milliseconds(100);
  /// True once everything that was closed has left this process.
  std::function<bool()> flushed;
};

/// One run, used once.
class fleet_run {
 public:
  fleet_run(const fleet_plan& plan, const run_options& options, const run_observer& observer,
            run_ground ground);
  ~fleet_run();

  /// All phases, and the judgement. A failure means that nothing ran.
  outcome<record::run_result> run();
  /// All phases of this host's part; times in the books count from the start of publishing.
  outcome<run_books> run_part();

 private:
  outcome<void> play();
  outcome<void> open_target();
  outcome<worker_orders> make_orders();
  void describe_run();
  outcome<void> plan_times();
  outcome<void> start_workers();
  void arrive();
  void publish();
  void drain();
  void await_wills(time_point deadline);
  void finish();
  void look_at_retained();
  void collect();
  void enter_broken(const broken_connections& broken);
  void enter_faults(const std::vector<fault_activity>& activities);
  void tell_of_other_faults(history::evidence_builder& history) const;
  void judge_history(const worker_report& report);
  void start_faults();
  void enter_broker();
  run_books take_books();

  void on_tick();
  void watch_workers();
  void watch_target();
  void watch_expectations();
  void report_progress();
  void announce_stages();
  worker_progress total();
  bool cut() const { return result_.ending != record::ending::complete; }
  void cut_by(record::ending why, std::string sentence);
  void wait(const std::function<bool()>& done, time_point deadline);
  void note(record::event_level level, std::string text);
  time_point now() { return ground_.network.loop().now(); }

  const fleet_plan& plan_;
  const run_options& options_;
  const run_observer& observer_;
  run_ground ground_;
  host_faults host_faults_;  ///< before the target, which lives in their network
  std::unique_ptr<target::target_handle> target_;
  broker_timeline broker_;  ///< after the target, which it is played on
  std::unique_ptr<timer> tick_;
  live_watch live_;
  std::optional<early_end> ended_early_;
  std::optional<worker_orders> orders_;  ///< that the workers got
  record::run_result result_;
  history::ledger books_;           ///< of all workers, once they have finished
  std::uint32_t device_count_ = 0;  ///< of this host
  run_phase phase_ = run_phase::starting;
  time_point run_start_{};
  time_point publishing_start_ = time_point::max();
  time_point publishing_end_ = time_point::max();
  time_point last_settled_change_{};
  time_point all_lost_since_ = time_point::max();
  std::uint64_t last_settled_ = 0;
  std::size_t stages_begun_ = 0;
  bool ever_connected_ = false;
  bool drained_ = false;  ///< nothing was under way any more when the devices were taken down
};

}  // namespace gauntlet::sim
