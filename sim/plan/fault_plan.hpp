#pragma once

// The faults of a run as rules for links: groups and shares as Client Identifiers, chaos as faults
// with times. The same on every worker and host.

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "harness/fault/rule.hpp"
#include "harness/fault_host/host_fault.hpp"
#include "harness/target/broker_fault.hpp"
#include "sim/plan/fleet_plan.hpp"

namespace gauntlet::sim {

/// In the order of the file, chaos last by time; of faults of connections alone. Times count from
/// the start of publishing.
std::vector<fault::rule> fault_rules_of(const fleet_plan& plan);

/// A fault below TCP.
struct planned_host_fault {
  std::string name;
  fault_host::host_fault what;
  fault::active_time when;  ///< counts from the start of publishing
};

/// Likewise, of the faults below TCP.
std::vector<planned_host_fault> host_faults_of(const fleet_plan& plan);

/// A fault of the broker.
struct planned_broker_fault {
  std::string name;
  target::broker_fault what;
  fault::active_time when;  ///< counts from the start of publishing
  bool is_optional = false;
  config::place where;
  std::optional<std::size_t> trigger;  ///< it waits for that one of broker_triggers_of()
};

/// Likewise, of the faults of the broker.
std::vector<planned_broker_fault> broker_faults_of(const fleet_plan& plan);

/// Rules that strike at the packets which those faults wait for, and do nothing else.
std::vector<fault::rule> broker_triggers_of(const fleet_plan& plan);

/// Whether there are faults of the broker, and whether some wait for packets.
bool breaks_broker(const scenario& described);
bool waits_for_packets(const scenario& described);

/// Whether one of them leaves the broker without room on its disk.
bool fills_disk(const scenario& described);

/// Whether there are faults below TCP.
bool breaks_host(const scenario& described);

/// Whether there are faults.
bool breaks_links(const scenario& described);

/// Whether anything of ours stands between the devices and the broker: faults of connections, or
/// the wish to prove something.
bool needs_links(const scenario& described);

}  // namespace gauntlet::sim
