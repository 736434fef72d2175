#pragma once

// One run of a restart test: the real broker as a process, clients that publish and subscribe
// through it, and kills at random moments.

#include <cstdint>
#include <string>
#include <vector>

#include "harness/base/result.hpp"
#include "tests/integration/broker/restart/restart_books.hpp"

namespace gauntlet::broker {

/// How to run.
struct restart_settings {
  std::uint64_t seed = 1;
  int kills = 5;
  std::string sync = "full";         ///< of --persist-sync
  std::vector<std::string> defects;  ///< of --defect
  /// Whether the broker also keeps its sessions; without, everything must be lost.
  bool persist = true;
};

/// Runs; the failure says what came to a stop, with the broker's last words.
outcome<restart_account> run_restarts(const restart_settings& settings);

}  // namespace gauntlet::broker
