#pragma once

// What libFuzzer prints, as numbers and one sentence.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace gauntlet::fuzz {

/// What the output of one run says. What it does not say is zero or empty.
struct fuzzer_log {
  std::uint64_t executions = 0;
  std::uint64_t edges = 0;       ///< reached by all inputs together
  std::size_t files_merged = 0;  ///< of a run with -merge=1
  /// Where libFuzzer wrote the input that broke the target.
  std::string artifact;
  /// The first line that says what broke: an assertion, a sanitizer's error, a time-out.
  std::string reason;
};

fuzzer_log read_fuzzer_log(std::string_view output);

}  // namespace gauntlet::fuzz
