#pragma once

// `gauntlet fuzz --self`: our own parsers and state machines under libFuzzer. Runs the targets of
// fuzz/targets one after the other, shows what breaks them, and keeps in their corpora what reaches
// code that no seed reached. Needs Gauntlet's source tree, because the targets are built from it
// with clang and sanitizers.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "harness/base/result.hpp"

namespace gauntlet::fuzz {

/// What came of one target.
struct self_fuzz_target {
  std::string name;
  std::uint64_t executions = 0;
  std::uint64_t edges = 0;       ///< of our code that its corpus reaches, as libFuzzer counts them
  std::size_t corpus_files = 0;  ///< before
  std::size_t files_merged = 0;  ///< added to the corpus
  /// The input that broke the target; the run of this target ended with it.
  std::optional<std::filesystem::path> finding;
  /// What it broke, in one line, such as "ERROR: AddressSanitizer: heap-buffer-overflow".
  std::string reason;
  /// Everything that the target printed.
  std::filesystem::path log;
};

/// How to run.
struct self_fuzz_options {
  /// Names of targets such as "decode"; empty: all.
  std::vector<std::string> only;
  /// For all targets together; each gets an equal share, at least a second.
  std::chrono::seconds time{60};
  /// Of libFuzzer; 0: another one each time. The same seed gives the same inputs up to timing.
  std::uint32_t seed = 0;
  /// Whether new inputs go into the corpora of the source tree.
  bool merge = true;
  /// Where findings and logs go; made if it is missing.
  std::filesystem::path output;
  /// Gauntlet's source tree; empty: the one that this program was built in.
  std::filesystem::path source_tree;
  /// Called when a target begins, with its number from 0 and how many there are; may be empty.
  std::function<void(const std::string& name, std::size_t number, std::size_t count)> on_begin;
  /// Called when one is done; may be empty.
  std::function<void(const self_fuzz_target&)> on_done;
  /// Asked now and then; true ends the run early, with what there is. May be empty.
  std::function<bool()> is_interrupted;
};

/// What came of all.
struct self_fuzz_result {
  std::vector<self_fuzz_target> targets;
  bool interrupted = false;

  std::size_t findings() const;
};

/// Names of all targets in the source tree, sorted.
outcome<std::vector<std::string>> self_fuzz_targets(const std::filesystem::path& source_tree = {});

/// Builds the targets where that is needed, and runs them. Blocks. Fails, with what to do about it,
/// when there is no source tree, the build fails, or `only` names a target that there is not.
outcome<self_fuzz_result> fuzz_self(const self_fuzz_options& options);

}  // namespace gauntlet::fuzz
