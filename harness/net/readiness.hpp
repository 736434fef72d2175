#pragma once

// Inside harness/net only: one epoll set for all descriptors of a loop. Asio watches the set as a
// single descriptor, so a connection costs it nothing: no handler, no queue, no call for each
// event.

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <sys/epoll.h>
#include <vector>

#include "harness/net/asio_loop.hpp"

namespace gauntlet::net {

/// Hears when its descriptor may have become usable.
class ready_watcher {
 public:
  /// `events` are epoll's bits, or 0 when soon() asked for the call: then anything may be the case.
  virtual void on_ready(std::uint32_t events) = 0;

 protected:
  ~ready_watcher() = default;
};

/// How often a watcher hears of a state.
enum class trigger : std::uint8_t {
  edges,     ///< once for each change, in both directions; the watcher goes on to "would block"
  readable,  ///< again as long as there is something to read
};

/// Watches descriptors and calls their watchers, one after the other, from the loop. A watcher may
/// remove itself and any other at any time; from then on it is not called.
class readiness {
 public:
  explicit readiness(asio_loop& loop);
  ~readiness();
  readiness(const readiness&) = delete;
  readiness& operator=(const readiness&) = delete;

  /// Answers 0 or the system's error: out of memory or watches, or not a pollable descriptor.
  int add(int descriptor, ready_watcher& watcher, trigger when);
  /// Hands an edge-triggered descriptor over; `to` hears of its present state anew.
  void hand_over(int descriptor, ready_watcher& from, ready_watcher& to);
  /// Before the descriptor is closed.
  void remove(int descriptor, ready_watcher& watcher);

  /// Calls the watcher in the next turn, whether or not it watches a descriptor.
  void soon(ready_watcher& watcher);
  /// Makes sure that the watcher is not called any more; for one without a descriptor.
  void forget(const ready_watcher& watcher);

  /// Whether this watcher is being called now and has not been removed meanwhile. This is how a
  /// watcher that has called its user finds out, without touching itself, whether it still exists.
  bool calling(const ready_watcher* watcher) const { return current_ == watcher; }

 private:
  struct outer_watch;
  void wait();
  bool call_ready();
  void call_soon();
  void call(ready_watcher* watcher, std::uint32_t events);

  asio_loop& loop_;
  int set_;
  std::size_t watched_ = 0;
  bool waiting_ = false;
  std::array<epoll_event, 128> batch_;  // being called; those removed meanwhile are null
  std::size_t batch_begin_ = 0;
  std::size_t batch_end_ = 0;
  std::vector<ready_watcher*> soon_;        // to be called in the next turn
  std::vector<ready_watcher*> soon_batch_;  // being called
  const ready_watcher* current_ = nullptr;
  std::unique_ptr<outer_watch> outer_;
};

}  // namespace gauntlet::net
