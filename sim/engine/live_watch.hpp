#pragma once

// Judges expectations with `abort_on` while the run goes on, on the live figures of its workers.
//
// What is missing now may only be late, so a figure must be beyond its bound without a break for as
// long as the expectation says before it ends the run.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/engine/worker_books.hpp"
#include "sim/scenario/scenario.hpp"

namespace gauntlet::sim {

/// The live figures of a run at one moment.
struct live_figures {
  worker_progress all;              ///< of all workers together
  std::uint64_t devices = 0;        ///< of the scenario
  std::uint64_t broker_memory = 0;  ///< bytes; 0: not known
};

/// Why a run ends early.
struct early_end {
  std::size_t expectation = 0;  ///< index into scenario::expect
  std::string observed;         ///< its figure
  std::string sentence;
};

/// Watches one run.
class live_watch {
 public:
  explicit live_watch(const scenario& described);

  bool empty() const { return watched_.empty(); }
  /// To be called about once a second. Answers once an expectation has not been met for long
  /// enough.
  std::optional<early_end> look(const live_figures& seen, time_point now);

 private:
  struct watched {
    expectation what;
    std::size_t index = 0;
    time_point not_met_since = time_point::max();
  };
  std::vector<watched> watched_;
};

}  // namespace gauntlet::sim
