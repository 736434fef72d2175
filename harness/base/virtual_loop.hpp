#pragma once

// An event loop whose time is only a number: it jumps to the next due event, so a day of waiting
// costs nothing and the same calls give the same run, bit for bit. One thread, no sockets.

#include <cstddef>
#include <cstdint>
#include <thread>
#include <vector>

#include "harness/base/event_loop.hpp"

namespace gauntlet {

/// Events run in the order of their due times, and those due together in the order in which they
/// were armed or posted. Any misuse (another thread, run() within run(), a timer that outlives its
/// loop) stops the process.
class virtual_loop final : public event_loop {
 public:
  /// Wall-clock time at virtual time zero: 2000-01-01T00:00:00Z.
  static constexpr std::chrono::system_clock::time_point epoch{std::chrono::seconds(946'684'800)};

  virtual_loop();
  ~virtual_loop() override;
  virtual_loop(const virtual_loop&) = delete;
  virtual_loop& operator=(const virtual_loop&) = delete;

  time_point now() const override { return now_; }
  std::chrono::system_clock::time_point wall_now() const override;
  std::unique_ptr<timer> make_timer(task on_due) override;
  void post(task call) override;
  void run() override;
  /// Also asks `done` before the first turn. Unless `done` or stop() ends it, time has reached
  /// `deadline` on return.
  bool run_until(const std::function<bool()>& done, time_point deadline) override;
  /// Ends the run in progress, or the next one before its first turn.
  void stop() override;

  /// Calls made so far; equal for equal runs.
  std::uint64_t turns() const { return turns_; }

 private:
  class slot_timer;
  struct slot {
    task call;
    std::uint64_t owner = 0;  // number of the timer or post that has the slot; 0: free
    std::uint64_t armed = 0;  // sequence number of its event in the heap; 0: none
    bool once = false;        // a post: the slot is free again when it runs
  };
  struct event {
    time_point due;
    std::uint64_t sequence;
    std::uint32_t slot;
  };

  static bool later(const event& a, const event& b);
  std::uint32_t take_slot(task call, bool once);
  void free_slot(std::uint32_t index);
  void arm(std::uint32_t index, time_point due);
  void disarm(std::uint32_t index);
  bool stale(const event& candidate) const;
  bool has_next();
  void run_next();
  void check_thread() const;

  time_point now_{};
  std::vector<slot> slots_;
  std::vector<std::uint32_t> free_slots_;
  std::vector<event> heap_;      // cancelled events stay until they surface or outnumber the rest
  std::size_t stale_count_ = 0;  // of them
  std::size_t timer_count_ = 0;
  std::uint64_t sequence_ = 0;
  std::uint64_t turns_ = 0;
  bool running_ = false;
  bool stopping_ = false;
  std::thread::id thread_;
};

}  // namespace gauntlet
