#pragma once

// Hundreds of thousands of timeouts on one timer of the loop: 16 bytes each, constant time to arm,
// move and cancel, no object and no function for each. Due times are rounded up to a tick, so
// nothing comes early; while nothing is due the wheel sleeps.

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "harness/base/event_loop.hpp"

namespace gauntlet::net {

/// How fine a wheel is and how many timeouts each index has.
struct timer_wheel_options {
  duration tick = std::chrono::milliseconds(1);
  std::uint8_t kinds = 1;  ///< kinds run from 0 to kinds - 1
};

/// Timeouts named by the caller: an index (of a device, a connection) and a kind (keep alive,
/// retry). The slots lie densely by index, so indexes should be dense too. Works on any loop.
class timer_wheel {
 public:
  using due_function = std::function<void(std::uint32_t index, std::uint8_t kind)>;

  /// `on_due` is called from the loop for each timeout that is due, in the order of ticks and
  /// within a tick in the order of arming. It may arm and cancel any timeout but not destroy the
  /// wheel.
  timer_wheel(event_loop& loop, due_function on_due, timer_wheel_options options = {});
  ~timer_wheel();
  timer_wheel(const timer_wheel&) = delete;
  timer_wheel& operator=(const timer_wheel&) = delete;

  /// Sets the only due time of (index, kind), replacing an earlier one. A past time is due at the
  /// next tick.
  void arm(std::uint32_t index, std::uint8_t kind, time_point due);
  void cancel(std::uint32_t index, std::uint8_t kind);
  bool armed(std::uint32_t index, std::uint8_t kind) const;

  /// Number of timeouts armed.
  std::size_t size() const { return size_; }
  /// Takes the memory for indexes below `indexes` at once.
  void reserve(std::uint32_t indexes);

 private:
  // Slots of level n span 64^n ticks. A timeout lies on the level of the highest group of six bits
  // in which its tick differs from the present one, and moves down when that slot's time comes.
  static constexpr unsigned slot_bits = 6;
  static constexpr unsigned slots = 1U << slot_bits;
  static constexpr unsigned levels = 8;
  static constexpr std::uint64_t tick_max = (std::uint64_t{1} << (slot_bits * levels)) - 1;
  static constexpr std::uint32_t heads = slots * levels;
  static constexpr std::uint32_t unlinked = UINT32_MAX;

  // A member of a circular list. The first `heads` nodes are the lists' heads, one for each slot.
  struct node {
    std::uint64_t tick = 0;
    std::uint32_t next = unlinked;
    std::uint32_t previous = unlinked;
  };
  struct slot_time {
    std::uint32_t head;
    std::uint64_t tick;
  };

  std::uint32_t node_of(std::uint32_t index, std::uint8_t kind) const;
  void link(std::uint32_t at);
  void unlink(std::uint32_t at);
  bool empty(std::uint32_t head) const { return nodes_[head].next == head; }
  std::optional<slot_time> next_slot() const;
  void on_timer();
  void fire(std::uint32_t head);
  void cascade(std::uint32_t head);
  void sleep();

  event_loop& loop_;
  due_function on_due_;
  timer_wheel_options options_;
  std::vector<node> nodes_;
  std::array<std::uint64_t, levels> occupied_{};  // one bit for each slot of a level
  std::uint64_t present_;                         // the tick up to which all is done
  std::uint64_t wake_ = UINT64_MAX;               // the tick for which timer_ is armed
  std::size_t size_ = 0;
  bool advancing_ = false;
  std::unique_ptr<timer> timer_;
};

}  // namespace gauntlet::net
