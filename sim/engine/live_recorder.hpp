#pragma once

// Fills the live figures of one worker: those of narrowed expectations, and the messages that are
// surely owed to somebody, by which a broker that delivers nothing at all is noticed.

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "harness/history/receipt_tracker.hpp"
#include "harness/mqtt/subscription_tree.hpp"
#include "harness/record/histogram.hpp"
#include "sim/engine/live_figures.hpp"
#include "sim/plan/fleet_plan.hpp"

namespace gauntlet::sim {

/// Writes into figures that belong to somebody else. Does nothing unless an expectation asks for
/// it.
class live_recorder {
 public:
  /// All must outlive it.
  live_recorder(const fleet_plan& plan, live_slots& slots, std::uint64_t& owed);

  /// Whether on_receipt() has anything to do.
  bool wants_receipts() const { return table_.any_messages(); }
  /// Whether on_owned() has.
  bool wants_owned() const { return audience_ != nullptr; }

  /// A message of a stream has come. `missing` is by how much more numbers are missing now; without
  /// `latency` it was a further copy, or cannot be timed.
  void on_receipt(std::uint32_t stream, mqtt::qos qos, duration due, history::receipt_kind kind,
                  std::int64_t missing, std::optional<duration> latency);
  /// The broker has a message now: it has acknowledged it, or, at QoS 0, it was sent.
  void on_owned(std::uint32_t stream, duration due);
  /// A device of the group is connected, or no longer.
  void on_connected(std::uint32_t group, int by);
  /// A second is over.
  void close_interval();

 private:
  /// The largest QoS at which somebody who is always there gets what matches a filter.
  using audience = mqtt::subscription_tree<std::uint8_t>;

  std::optional<mqtt::qos> owed_at(std::uint32_t stream);

  const fleet_plan& plan_;
  live_slots& slots_;
  std::uint64_t& owed_;
  live_slot_table table_;
  std::vector<record::histogram> recent_;  // by slot
  std::unique_ptr<audience> audience_;
  std::vector<std::uint8_t> owed_at_;  // by stream: QoS, nobody, or not looked at yet
};

}  // namespace gauntlet::sim
