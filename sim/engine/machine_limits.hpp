#pragma once

// What the machine allows one process, and how a fleet is laid out within it: how many workers,
// from which addresses. Decided and said before anything starts.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/base/result.hpp"

namespace gauntlet::sim {

/// Raises this process's descriptor limit as far as it goes; answers what it is then.
std::uint64_t raise_descriptor_limit();

/// Who holds the broker's ends of the connections.
enum class broker_place : std::uint8_t {
  embedded,   ///< a thread of this process
  managed,    ///< one process on this machine, under the same limit
  elsewhere,  ///< somebody else's business
  simulated,  ///< memory: no descriptors at all
};

/// What is to be laid out.
struct fleet_demand {
  std::uint64_t devices = 0;
  std::uint64_t streams = 0;
  broker_place broker = broker_place::embedded;
  bool loopback = true;                  ///< the target is 127.x
  std::optional<std::uint32_t> workers;  ///< what the user asked for
  std::uint64_t descriptor_limit = 0;    ///< of one process, already raised
};

/// How the fleet is laid out.
struct machine_plan {
  std::uint32_t workers = 1;
  bool in_process = true;  ///< the one worker shares this process
  std::uint64_t descriptor_limit = 0;
  std::uint64_t descriptors_per_worker = 0;  ///< needed by the largest
  std::uint64_t memory_bytes = 0;         ///< estimate for all workers, without the kernel's part
  std::uint64_t kernel_memory_bytes = 0;  ///< estimate for our ends of the connections
  std::vector<std::string> source_addresses;  ///< empty: the system's choice
};

/// Lays the fleet out, or says in one sentence why it does not fit.
outcome<machine_plan> lay_out(const fleet_demand& demand);

/// A few lines for people, as `--dry-run` shows them.
std::string describe(const machine_plan& plan);

}  // namespace gauntlet::sim
