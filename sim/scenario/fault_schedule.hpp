#pragma once

// What a scenario breaks between its devices and the broker, and what it wants proven about that.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/base/event_loop.hpp"
#include "harness/config/diagnostic.hpp"
#include "harness/fault/rule.hpp"

namespace gauntlet::sim {

/// One entry of `faults`. Its times count from the start of publishing; with `at: 0s` and no entry
/// of its own for that, it is there from then on.
struct scheduled_fault {
  fault::rule rule;
  std::vector<std::string> groups;  ///< by name; empty: all
  double share = 1;                 ///< of the devices of each group, 0 to 1, chosen by the seed
  config::place where;
};

/// Random faults out of a list.
struct chaos_settings {
  duration every = std::chrono::seconds(5);    ///< mean time from one to the next
  duration lasting = std::chrono::seconds(1);  ///< of those that do not say themselves
  std::uint32_t at_most = 100;
  std::vector<scheduled_fault> from;
};

/// What shall be proven of the packets of a run. docs/guarantees.md
struct guarantee_settings {
  std::optional<std::uint32_t> queue_limit;  ///< messages that the broker keeps for a session
  bool survives_stop = false;
  bool survives_kill = false;
  duration kill_margin{};
};

}  // namespace gauntlet::sim
