#pragma once

// The real event loop: the machine's clock, Asio's timers and signals, readiness of descriptors.

#include <memory>

#include "harness/base/event_loop.hpp"

namespace gauntlet::net {

class readiness;
class asio_loop;

/// A descriptor that is being watched; destroying it ends that, also inside the call.
class descriptor_watch {
 public:
  virtual ~descriptor_watch() = default;
};

/// One thread runs it; post() and stop() may come from any thread. Must outlive everything that was
/// made on it.
class asio_loop final : public event_loop {
 public:
  asio_loop();
  ~asio_loop() override;
  asio_loop(const asio_loop&) = delete;
  asio_loop& operator=(const asio_loop&) = delete;

  time_point now() const override;
  std::chrono::system_clock::time_point wall_now() const override;
  std::unique_ptr<timer> make_timer(task on_due) override;
  void post(task call) override;
  void run() override;
  /// Also asks `done` before the first turn. Unless `done` or stop() ends it, waits for the
  /// deadline even if nothing is left to happen.
  bool run_until(const std::function<bool()>& done, time_point deadline) override;
  /// Ends the run in progress, or the next one if none is.
  void stop() override;

  /// Calls `call` from the loop each time this process gets the signal, instead of what the signal
  /// would do. For the rest of the loop's life; a loop that waits for a signal runs until stop().
  void on_signal(int number, task call);

  /// Calls `on_readable` whenever `descriptor` has bytes to read or has reached its end, again and
  /// again until they are read. The descriptor stays the caller's, must be pollable (a pipe,
  /// socket, pidfd) and must outlive the watch.
  std::unique_ptr<descriptor_watch> watch_readable(int descriptor, task on_readable);

  /// The descriptors that this loop watches; for asio_network.
  readiness& descriptors();

  struct parts;
  /// Asio's objects behind this loop; for harness/net only.
  parts& asio() { return *parts_; }

 private:
  std::unique_ptr<parts> parts_;
};

}  // namespace gauntlet::net
