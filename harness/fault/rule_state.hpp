#pragma once

// Inside harness/fault only: a rule of an injector with what it has seen so far.

#include <string>
#include <unordered_map>

#include "harness/fault/matcher.hpp"
#include "harness/fault/rule.hpp"

namespace gauntlet::fault {

struct rule_state {
  rule what;
  history::fault_index number = 0;
  bool active = false;
  bool healed = false;  ///< will never be active again
  std::uint64_t strikes = 0;
  tally all;
  std::unordered_map<std::string, tally> by_client;
};

/// Whether the time lies within the active time, both since the injector's start.
bool is_active_at(const active_time& when, duration now);
/// The next moment after `now` at which that changes; duration::max(): never.
duration next_change(const active_time& when, duration now);

}  // namespace gauntlet::fault
