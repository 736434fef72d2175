#pragma once

// libFuzzer as a function call. It keeps its state in globals and ends the process when it is done,
// so each worker is a process of its own.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <vector>

#include "fuzz/coverage/coverage_map.hpp"
#include "harness/base/bytes.hpp"
#include "harness/base/seeded_stream.hpp"

namespace gauntlet::fuzz {

/// How many counters guide libFuzzer: those of answers, then those of the broker's own edges.
inline constexpr std::size_t answer_counters = 1U << 16U;
inline constexpr std::size_t edge_counters = coverage_counters;

/// What libFuzzer is to drive.
struct fuzzed {
  /// Plays one input and sets counters; what is set and was not before makes the input worth
  /// keeping.
  std::function<void(byte_view packed, std::span<std::uint8_t> counters)> play;
  /// Makes another input out of one, in place; answers its size.
  std::function<std::size_t(std::uint8_t* data, std::size_t size, std::size_t size_max,
                            seeded_stream& draws)>
      mutate;
  /// Makes one out of two.
  std::function<byte_buffer(byte_view one, byte_view other, seeded_stream& draws)> cross;
};

/// How to drive it.
struct libfuzzer_options {
  std::filesystem::path corpus;              ///< read first; what is worth keeping is written there
  std::vector<std::filesystem::path> seeds;  ///< folders that are read too
  std::uint32_t seed = 1;
  std::size_t input_size_max = 6000;
};

/// Runs until `play` ends the process, which it has to do itself, having written what is to be
/// kept.
[[noreturn]] void run_libfuzzer(const libfuzzer_options& options, const fuzzed& what);

/// libFuzzer's own changes of bytes; only within `mutate`.
std::size_t change_bytes(std::uint8_t* data, std::size_t size, std::size_t size_max);

}  // namespace gauntlet::fuzz
