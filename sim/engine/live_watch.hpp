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
#include "sim/plan/fleet_part.hpp"
#include "sim/plan/fleet_plan.hpp"

namespace gauntlet::sim {

/// The live figures of a run at one moment.
struct live_figures {
  worker_progress all;              ///< of all workers together
  std::uint64_t devices = 0;        ///< of the scenario, or of this host's part
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
  /// `part` is that of this host.
  explicit live_watch(const fleet_plan& plan, fleet_part part = {});

  bool empty() const { return watched_.empty(); }
  /// To be called about once a second. Answers once an expectation has not been met for long
  /// enough.
  std::optional<early_end> look(const live_figures& seen, time_point now);

 private:
  struct watched {
    expectation what;
    std::size_t index = 0;
    time_point not_met_since = time_point::max();
    std::optional<std::size_t> slot;  ///< of its figures; without one those of the whole
    std::uint64_t devices = 0;        ///< of its group; 0: of all
    // To notice that nothing comes any more:
    std::uint64_t first_copies = 0;  ///< at the last look
    std::uint64_t owed = 0;          ///< when the last delivery was fresh
    time_point last_delivery = time_point::min();
  };
  live_slot figures_of(watched& of, const live_figures& seen, time_point now) const;
  std::vector<watched> watched_;
};

}  // namespace gauntlet::sim
