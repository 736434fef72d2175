#pragma once

// What can be done to a broker that is ours, whatever it is: a process, a thread, or an object in
// memory. No call waits: what takes its time tells its end through a function.

#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>

#include "harness/base/event_loop.hpp"
#include "harness/base/result.hpp"

namespace gauntlet::target {

/// What is done to the files in which a broker keeps its state.
enum class store_damage : std::uint8_t {
  emptied,    ///< all of them are gone
  truncated,  ///< each ends in its middle
  flipped,    ///< one bit of each is another, in its middle
};

/// What a broker process is given less of.
enum class scarce_resource : std::uint8_t {
  descriptors,    ///< open files and sockets, in number
  address_space,  ///< memory, in bytes
};

/// Belongs to the thread of its target's loop. Each call either does what it says or fails with one
/// sentence for people; where a kind of target lacks something, the failure says so.
class broker_control {
 public:
  /// Hears once how a start ended: the broker answers a CONNECT, or why it does not.
  using started_function = std::function<void(const outcome<void>&)>;

  virtual ~broker_control() = default;

  /// Whether there is a broker, ready or not.
  virtual bool is_running() const = 0;

  /// Ends it at once, as kill -9 does; its connections break. Does nothing without a broker.
  virtual outcome<void> kill() = 0;
  /// Asks it to end in order; it is gone once is_running() is false, or is killed when its patience
  /// is over.
  virtual outcome<void> terminate() = 0;
  /// Starts it on the same addresses; only while it is not running. Only one start at a time.
  virtual void start(started_function on_started) = 0;

  /// Freezes it: its connections stay, and nothing answers.
  virtual outcome<void> pause() = 0;
  virtual outcome<void> resume() = 0;
  /// Makes it read its configuration anew, as SIGHUP does.
  virtual outcome<void> reload() = 0;
  /// Holds from now on until its next start; `at_most` 0 lifts the limit.
  virtual outcome<void> limit(scarce_resource what, std::uint64_t at_most) = 0;

  /// Only while it is not running.
  virtual outcome<void> damage_store(store_damage how) = 0;
  /// Takes all room that is left on the disk of its state, and gives it back.
  virtual outcome<void> fill_disk() = 0;
  virtual outcome<void> free_disk() = 0;
};

}  // namespace gauntlet::target
