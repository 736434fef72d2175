#pragma once

// The main path: a scenario against a target, from the first check of the machine to the verdict.
//
//   lay out -> fork workers -> open target -> devices arrive -> publish -> drain -> take down ->
//   judge

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "harness/base/result.hpp"
#include "harness/net/memory_network.hpp"
#include "harness/record/run_result.hpp"
#include "harness/target/target.hpp"
#include "sim/engine/host_part.hpp"
#include "sim/engine/machine_limits.hpp"
#include "sim/plan/fleet_plan.hpp"

namespace gauntlet::sim {

/// What the user chose beside the scenario.
struct run_options {
  target::target_options target;         ///< where to; run_folder is where everything is written
  std::optional<std::uint32_t> workers;  ///< none: as many as descriptors ask for
  bool simulate = false;                 ///< virtual time against the reference broker
  net::memory_network_options simulated_network;  ///< of a simulated run; seeded by the scenario
  std::string scenario_path;              ///< as the user gave it, for places and the record
  std::string scenario_source;            ///< the file's text
  std::vector<std::string> command_line;  ///< passwords blanked
  std::string tool_version;
  std::optional<host_part> part;  ///< none: this host runs the whole fleet
};

/// Where a run stands.
enum class run_phase : std::uint8_t { starting, arriving, publishing, draining, finishing };

/// "connecting", "publishing", ... for people.
std::string_view phase_name(run_phase phase);

/// Live figures of the whole run.
struct run_progress {
  run_phase phase = run_phase::starting;
  duration elapsed{};
  duration publishing_left{};
  std::string_view stage;  ///< in which the fleet publishes; empty if the scenario has none
  double load = 1;         ///< of the stage at this moment
  std::uint64_t devices = 0;
  std::uint64_t connected = 0;
  std::uint64_t failures = 0;
  std::uint64_t sent = 0;
  std::uint64_t received = 0;
  std::int64_t missing = 0;
  duration latency_p99{};  ///< of the worst worker, in its last full second
};

/// Watches and steers a run from outside.
struct run_observer {
  std::function<void(const run_progress&)> on_progress;  ///< a few times a second; may be empty
  /// Asked at each progress: true ends the run early, with everything seen so far in the result.
  std::function<bool()> stop_requested;
};

/// Lays a scenario out on this machine without starting anything. Raises the descriptor limit.
outcome<machine_plan> lay_out_run(const fleet_plan& plan, const run_options& options);

/// Runs the scenario. A failure means that nothing ran: bad input, or a target that could not be
/// opened. Whatever happens once devices connect is in the result. Forks: call it before any thread
/// exists.
outcome<record::run_result> run_scenario(const fleet_plan& plan, const run_options& options,
                                         const run_observer& observer = {});

/// Runs this host's part, `options.part`, of a scenario, with nothing judged; otherwise as
/// run_scenario(). The target must be a URL.
outcome<run_books> run_scenario_part(const fleet_plan& plan, const run_options& options,
                                     const run_observer& observer = {});

}  // namespace gauntlet::sim
