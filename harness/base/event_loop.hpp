#pragma once

// The one interface between our code and time. Everything that waits, waits here; nothing of ours
// asks another clock. Two loops implement it: net::asio_loop (the machine's clock and sockets) and
// virtual_loop (jumps to the next due event).

#include <chrono>
#include <functional>
#include <memory>

namespace gauntlet {

/// The loops' time line: monotonic, in nanoseconds. On the real loop it is CLOCK_MONOTONIC, hence
/// comparable between the processes of one host; on the virtual loop it starts at zero.
struct loop_clock {
  using duration = std::chrono::nanoseconds;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<loop_clock>;
  static constexpr bool is_steady = true;
};
using duration = loop_clock::duration;
using time_point = loop_clock::time_point;

/// Calls one function when due. Belongs to its loop's thread; destroying it cancels it, also from
/// inside the call.
class timer {
 public:
  virtual ~timer() = default;
  /// Sets the only due time, replacing an earlier one. A time in the past is due at once, but the
  /// call still comes from the loop.
  virtual void arm(time_point due) = 0;
  virtual void cancel() = 0;
};

/// Runs calls one after the other in the thread that called run(). All members but post() and
/// stop() belong to that thread.
class event_loop {
 public:
  using task = std::function<void()>;

  virtual ~event_loop() = default;

  /// The loop's clock, read anew at each call.
  virtual time_point now() const = 0;
  /// Wall-clock time, for records that people read; never for measuring. Virtual loops answer a
  /// fixed epoch plus the time that has passed.
  virtual std::chrono::system_clock::time_point wall_now() const = 0;

  /// A timer, not armed yet, that calls `on_due`.
  virtual std::unique_ptr<timer> make_timer(task on_due) = 0;

  /// Queues a call for the next turn. Thread-safe on the real loop.
  virtual void post(task call) = 0;

  /// Runs until stop(), or until nothing is left that could ever happen.
  virtual void run() = 0;
  /// Runs until `done` answers true after some turn, or until `deadline`; answers whether `done`
  /// did.
  virtual bool run_until(const std::function<bool()>& done, time_point deadline) = 0;
  /// Makes run() return after the current turn. Thread-safe on the real loop.
  virtual void stop() = 0;
};

}  // namespace gauntlet
