#pragma once

// What a process of this machine uses: memory and processor time, as the kernel counts them.

#include <cstdint>
#include <optional>
#include <string_view>
#include <sys/types.h>

#include "harness/base/event_loop.hpp"

namespace gauntlet::target {

/// One reading of /proc.
struct process_usage {
  std::uint64_t resident_bytes = 0;  ///< memory in use, shared pages included
  duration cpu_time{};               ///< user and system time since its start, all threads
};

/// One reading with its time on the loop's clock.
struct usage_sample {
  time_point at;
  process_usage usage;
};

/// The usage of a running process; nothing when there is no such process any more.
std::optional<process_usage> read_process_usage(pid_t pid);

/// Reads the text of /proc/PID/stat. Exposed because a process may name itself as it likes, with
/// spaces and parentheses. Resident pages and clock ticks are turned into bytes and time.
std::optional<process_usage> parse_process_stat(std::string_view text);

}  // namespace gauntlet::target
