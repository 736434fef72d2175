#pragma once

// One worker of a campaign: a process with a broker of its own, driven by libFuzzer. What it has
// found is in its result file every two seconds, whatever becomes of it.

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include "fuzz/campaign/subject.hpp"
#include "fuzz/campaign/triage.hpp"

namespace gauntlet::fuzz {

/// What guides the choice of inputs.
enum class guidance : std::uint8_t {
  blind,     ///< nothing: each input is generated afresh
  response,  ///< new combinations of state, packet and answer
  coverage,  ///< new edges of the broker's code, which it has to count
  mixed,     ///< both
};
inline constexpr std::size_t guidance_count = 4;

/// What one worker does.
struct worker_options {
  /// Brokers and their configurations; one after the other gets a slice of the time.
  std::vector<std::string> targets;
  std::filesystem::path profiles_folder;
  std::filesystem::path folder;                ///< its own; its findings are in `findings` there
  std::vector<std::string> defects;            ///< that the reference broker is to have
  std::vector<std::filesystem::path> corpora;  ///< of inputs to begin with; only read
  guidance guided_by = guidance::response;
  std::uint64_t seed = 1;
  std::chrono::milliseconds time{60'000};
  std::uint64_t inputs_max = 0;  ///< to play; 0: as many as fit into the time
  std::chrono::milliseconds minimise_for = minimise_for_default;  ///< each finding
  bool may_leave_machine = false;
  bool stop_at_first = false;  ///< finding other than of the protocol
};

/// The map in a worker's folder that a broker may count its edges in; the variable of
/// coverage_map.hpp, set in the environment of the worker, tells the broker.
std::filesystem::path worker_coverage_file(const std::filesystem::path& folder);

/// The result file of a worker's folder.
std::filesystem::path worker_result_file(const std::filesystem::path& folder);

/// Runs a worker in this process, and ends the process when the time is over or SIGTERM comes.
/// Comes back only if it cannot begin.
failure run_worker(const worker_options& options);

}  // namespace gauntlet::fuzz
