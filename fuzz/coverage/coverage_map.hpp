#pragma once

// Coverage of a broker in another process: one counter an edge, in a file that both have mapped.
// The broker is built with -fsanitize-coverage=trace-pc-guard and coverage_runtime.c, which counts
// into the file named by GAUNTLET_COVERAGE_MAP; this is the side that reads.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <utility>

#include "harness/base/result.hpp"

namespace gauntlet::fuzz {

/// The environment variable with the path of the map, for the broker.
inline constexpr const char* coverage_map_variable = "GAUNTLET_COVERAGE_MAP";

/// Counters in a map: 64 Ki of one byte. They stop at 255; more edges than that share counters.
inline constexpr std::size_t coverage_counters = 64 * 1024;

/// A map, as long as this lives. The counters go on changing while the broker works: clear before
/// an input, copy at its barrier.
class coverage_map {
 public:
  /// Makes the file, zeroed, and takes it away at the end. Best on a file system in memory, such as
  /// /dev/shm. Fails if it is there already.
  static outcome<coverage_map> create(const std::filesystem::path& path);
  /// Maps a file that another has made, and leaves it there. Fails if its size is another.
  static outcome<coverage_map> open(const std::filesystem::path& path);

  coverage_map(coverage_map&& other) noexcept;
  coverage_map& operator=(coverage_map&& other) noexcept;
  ~coverage_map();

  const std::filesystem::path& path() const { return path_; }
  void clear();
  /// The counters as they are now.
  void copy_to(std::span<std::uint8_t, coverage_counters> to) const;
  /// How many counters are not zero.
  std::size_t edges_hit() const;

 private:
  coverage_map(std::filesystem::path path, std::uint8_t* counters, bool is_own)
      : path_(std::move(path)), counters_(counters), is_own_(is_own) {}
  static outcome<coverage_map> map(const std::filesystem::path& path, int file, bool is_own);

  std::filesystem::path path_;
  std::uint8_t* counters_ = nullptr;
  bool is_own_ = false;  // the file goes with it
};

}  // namespace gauntlet::fuzz
