#pragma once

// What stands between a worker's devices and the network: links with the scenario's faults, and the
// record of what passed through them. Not there at all if the scenario wants neither.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/compact.hpp"
#include "harness/fault/faulty_network.hpp"
#include "harness/fault/injector.hpp"
#include "harness/history/evidence_builder.hpp"
#include "harness/net/network.hpp"
#include "sim/plan/fleet_plan.hpp"

namespace gauntlet::sim {

/// What one fault did to the links of one worker or of several, on the loop's time line.
struct fault_activity {
  std::vector<std::pair<time_point, time_point>> active;  ///< the last may be open: max
  std::uint64_t strikes = 0;
  /// When it struck and what it did, of the first strikes.
  std::vector<std::pair<time_point, std::string>> first_strikes;
};

/// Adds what another worker's faults did; all workers have the same faults at the same times.
void merge(std::vector<fault_activity>& into, const std::vector<fault_activity>& other);

/// As worker processes send them.
void write_activities(const std::vector<fault_activity>& all, compact_writer& out);
std::vector<fault_activity> read_activities(compact_reader& in);

/// The links of one worker. The plan and the network must outlive it.
class worker_faults {
 public:
  /// Whether a scenario needs them is for needs_links() to say.
  worker_faults(const fleet_plan& plan, net::network& network, std::uint32_t run_id);
  ~worker_faults();

  net::network& network();
  /// The times of faults count from `at` on.
  void start(time_point at);
  /// Ends all faults for good.
  void heal();
  bool healed() const;
  /// What comes from now on, the goodbyes of the devices, is no part of the history.
  void end_record();
  /// Is called when a packet has come that a fault of the broker waits for, with the number of its
  /// rule in broker_triggers_of(), from 0.
  void on_trigger(std::function<void(std::size_t)> call);
  /// The name of the fault that explains the end of a connection dialed here; empty: none does.
  std::string_view blamed_for(const net::channel& dialed) const;
  /// By the number of the fault in fault_rules_of(), from 0.
  const std::vector<fault_activity>& activities() const;
  /// What passed; null if nothing is to be proven.
  std::shared_ptr<history::evidence_builder> history() const;

 private:
  class observer;
  std::unique_ptr<observer> observer_;
  std::unique_ptr<fault::injector> injector_;
  std::unique_ptr<fault::faulty_network> network_;
  std::vector<std::string> names_;  ///< of the faults
  bool healed_ = false;
};

/// Finds the name of a message of this run by its stamp.
history::message_namer stamp_namer(const fleet_plan& plan, std::uint32_t run_id);

}  // namespace gauntlet::sim
