#pragma once

// gauntlet fuzz --model, and the replay of what it found.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "harness/base/event_loop.hpp"
#include "harness/base/exit_code.hpp"

namespace gauntlet::cli {

/// What the command line asked for.
struct model_request {
  std::string target;  ///< "embedded": the reference broker in memory, under virtual time
  std::string profiles;
  std::vector<std::string> defects;  ///< of the embedded broker
  std::uint64_t seed = 1;
  std::string names;  ///< begins all client identifiers and topics; unlike those of any other run
  std::optional<duration> time;
  std::uint64_t sequences = 0;  ///< 0: by time alone
  std::size_t lanes = 0;        ///< sequences side by side; 0: as suits the target
  std::string out;
  std::uint32_t times = 5;  ///< replays
  bool is_own_target = false;
  bool quiet = false;
  std::vector<std::string> command_line;
};

/// Runs sequences and writes the report.
exit_code fuzz_by_model(const model_request& request);

/// Whether `place` is the folder of a finding of the model, or a file with a sequence.
bool is_model_finding(const std::filesystem::path& place);
/// Plays it again and prints what was seen.
exit_code replay_sequence(const std::filesystem::path& place, const model_request& request);

}  // namespace gauntlet::cli
