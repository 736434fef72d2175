#pragma once

// The least a load generator can do: pre-encoded packets, one epoll loop, no accounts, no checks.
// What the fleet engine costs is told as a ratio to this, measured in the same minute.

#include <cstdint>

namespace gauntlet::benchmark {

/// What the floor shall do.
struct floor_plan {
  std::uint16_t port = 0;
  std::uint32_t connections = 0;
  std::uint32_t source_addresses = 1;  ///< 127.0.0.2 and up; 1: the system's choice
  std::uint32_t messages_per_s = 0;    ///< in all, evenly over the connections; 0: stay idle
  double duration_s = 0;               ///< of publishing or idling, after all are connected
  int qos = 0;
};

/// Connects, publishes 64-byte payloads at the planned rate, answers, and returns. Meant for a
/// child process of its own, whose CPU and memory the parent reads. Ends the process if anything
/// fails.
void run_floor(const floor_plan& plan);

}  // namespace gauntlet::benchmark
