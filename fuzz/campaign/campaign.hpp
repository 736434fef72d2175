#pragma once

// A time-boxed campaign: workers as processes of their own, their results as one.

#include <chrono>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "fuzz/campaign/worker.hpp"
#include "harness/record/fuzz_result.hpp"

namespace gauntlet::fuzz {

/// What the user asked for.
struct campaign_options {
  std::vector<std::string> targets;
  std::filesystem::path profiles_folder;
  std::filesystem::path folder;                ///< for everything; exists
  std::vector<std::string> defects;            ///< that the reference broker is to have
  std::vector<std::filesystem::path> corpora;  ///< of inputs to begin with; only read
  guidance guided_by = guidance::response;
  std::uint64_t seed = 1;
  std::uint32_t jobs = 1;
  std::chrono::milliseconds time{600'000};
  std::uint64_t inputs_max = 0;  ///< of each worker; 0: as many as fit into the time
  std::chrono::milliseconds minimise_for = minimise_for_default;  ///< each finding
  bool may_leave_machine = false;
  bool stop_at_first = false;
  /// Called twice a second with what there is so far; may be empty.
  std::function<void(const record::fuzz_result&)> on_progress;
  /// Asked as often; true ends the campaign early. May be empty.
  std::function<bool()> is_interrupted;
};

/// "blind", "response" and so on, both ways.
std::string_view name(guidance by);
std::optional<guidance> guidance_of(std::string_view name);

/// The words that make this program a worker, behind its own name.
std::vector<std::string> worker_words(const worker_options& options);

/// Runs it to its end. Fails when a worker cannot begin; of one that dies later, what it had is
/// kept.
outcome<record::fuzz_result> run_campaign(const campaign_options& options);

}  // namespace gauntlet::fuzz
