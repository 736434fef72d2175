#pragma once

// One target of fuzz/targets, run by libFuzzer, and its corpus brought up to what was found.

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

#include "fuzz/self/self_fuzz.hpp"

namespace gauntlet::fuzz {

/// Where a target and what belongs to it lies.
struct target_files {
  std::string name;
  std::filesystem::path program;
  std::filesystem::path corpus;      ///< in the source tree; grows by merging
  std::filesystem::path dictionary;  ///< need not exist
  std::filesystem::path output;      ///< folder of logs, findings and inputs not merged yet
};

/// How long and how.
struct target_limits {
  std::chrono::seconds time{10};
  std::uint32_t seed = 0;  ///< 0: libFuzzer's own choice
  bool merge = true;
  std::function<bool()> is_interrupted;  ///< may be empty
};

/// Fails only if the target does not run at all; what breaks it is part of the answer.
outcome<self_fuzz_target> run_target(const target_files& files, const target_limits& limits);

}  // namespace gauntlet::fuzz
