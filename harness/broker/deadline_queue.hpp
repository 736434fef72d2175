#pragma once

// The broker's own timers: one heap for all connections and sessions, so that a broker with 100,000
// of them needs one timer of the loop and no memory beyond the heap's array.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "harness/base/event_loop.hpp"

namespace gauntlet::broker {

class deadline_queue;

/// What a deadline is for; who owns it is clear from that.
enum class deadline_kind : std::uint8_t {
  connect_timeout,  ///< of a connection that has not sent its CONNECT
  keep_alive,       ///< of a connection
  connect_time,     ///< of a connection that has lasted as long as it may
  session_expiry,   ///< of a session without connection
  will_delay,       ///< of a session whose connection ended
  sys_topics,       ///< of the broker
  held_delivery,    ///< of a session, by the defect reorder-deliveries
};

/// A point in time that its owner waits for. Lives inside its owner; cancelled when destroyed.
class deadline {
 public:
  explicit deadline(void* owner) : owner_(owner) {}
  ~deadline();
  deadline(const deadline&) = delete;
  deadline& operator=(const deadline&) = delete;

  bool armed() const { return position_ != none; }
  time_point due() const { return due_; }
  deadline_kind kind() const { return kind_; }
  /// The connection or session that this one lives in.
  void* owner() const { return owner_; }

 private:
  friend class deadline_queue;
  static constexpr std::uint32_t none = UINT32_MAX;

  void* owner_;
  deadline_queue* queue_ = nullptr;
  time_point due_{};
  std::uint32_t position_ = none;
  deadline_kind kind_ = deadline_kind::connect_timeout;
};

/// All deadlines that wait, earliest first.
class deadline_queue {
 public:
  /// Sets or moves a deadline.
  void arm(deadline& what, deadline_kind kind, time_point due);
  void cancel(deadline& what);

  /// When the first one is due.
  std::optional<time_point> next_due() const;
  /// Takes out one that is due at `now`, the earliest first; null if there is none.
  deadline* take_due(time_point now);

 private:
  void place(std::uint32_t position, deadline* what);
  void sift_up(std::uint32_t position);
  void sift_down(std::uint32_t position);

  std::vector<deadline*> heap_;
};

}  // namespace gauntlet::broker
