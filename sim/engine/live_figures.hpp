#pragma once

// Figures that expectations with `abort_on` need while the run goes on and that are narrowed to a
// group, a stage or a QoS. Each such expectation has a slot, which every worker fills for its own
// devices; a run without any pays nothing.

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "sim/plan/stage_plan.hpp"
#include "sim/scenario/limits.hpp"
#include "sim/scenario/scenario.hpp"

namespace gauntlet::sim {

/// One slot; sent as it is between processes of one binary.
struct live_slot {
  std::int64_t missing = 0;         ///< numbers that order has passed by at a receiver
  std::uint64_t duplicated = 0;     ///< copies beyond the first
  std::uint64_t first_copies = 0;   ///< deliveries, each once for each receiver
  std::uint64_t owed = 0;           ///< messages for which a subscriber is surely there
  std::uint64_t connected = 0;      ///< devices of the group that are connected
  std::int64_t latency_p99_ns = 0;  ///< of the last full second, from the schedule
};
using live_slots = std::array<live_slot, narrowed_live_max>;

/// Which expectations have a slot, and what belongs into each.
class live_slot_table {
 public:
  /// A set of slots: bit i is slot i.
  using mask = std::uint32_t;
  static_assert(narrowed_live_max <= 32);

  live_slot_table(const scenario& described, const stage_plan& stages);

  bool empty() const { return slots_.empty(); }
  /// Whether any figure of messages is narrowed.
  bool any_messages() const { return !of_messages_.empty(); }
  /// The expectation of a slot, an index into scenario::expect.
  const std::vector<std::size_t>& expectations() const { return slots_; }
  /// The slot of an expectation.
  std::optional<std::size_t> slot_of(std::size_t expectation) const;

  /// Slots of messages that a group publishes, at an effective QoS, due at a time.
  mask of_message(std::uint32_t group, mqtt::qos qos, duration due) const;
  /// The same whatever the stage.
  mask of_any_stage(std::uint32_t group, mqtt::qos qos) const;
  /// Slots of a group's connections.
  mask of_connection(std::uint32_t group) const {
    return of_connections_.empty() ? 0 : of_connections_[group];
  }

 private:
  const stage_plan& stages_;
  std::vector<std::size_t> slots_;
  std::vector<mask> of_messages_;     // by group, by QoS, by stage; empty if none is narrowed
  std::vector<mask> of_connections_;  // by group
};

/// Calls `visit` with each slot of the set.
template <class Visit>
void for_each_slot(live_slot_table::mask slots, Visit&& visit) {
  for (std::size_t i = 0; slots != 0; ++i, slots >>= 1U) {
    if ((slots & 1U) != 0) visit(i);
  }
}

/// Whether the expectation needs a slot.
bool needs_slot(const expectation& what);

}  // namespace gauntlet::sim
