#pragma once

// Faults of brokers: what they are, and their play on one broker by the clock of its loop. Each
// call comes back at once, so that a timeline can play them while clients go on.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "harness/base/event_loop.hpp"
#include "harness/base/result.hpp"
#include "harness/target/broker_control.hpp"

namespace gauntlet::target {

/// kill -9; the broker stays away until faults are healed.
struct kill_fault {};
/// SIGTERM, or the like; stays away until faults are healed.
struct terminate_fault {};
/// Frozen for so long; without it until faults are healed.
struct pause_fault {
  std::optional<duration> lasting;
};
/// Ended, by kill -9 or in order, and started again after a while with or without what it stored.
struct restart_fault {
  duration after{};
  bool graceful = false;
  bool keeps_state = true;
};
/// Killed as often as `times`, each time once it answers again.
struct crash_loop_fault {
  std::uint32_t times = 3;
  duration after{};  ///< from each kill to the start
};
/// Killed, its files spoiled, and started again.
struct damage_fault {
  store_damage how = store_damage::truncated;
  duration after{};
};
/// No room on its disk for so long; without it until faults are healed.
struct disk_full_fault {
  std::optional<duration> lasting;
};
/// Less of something for so long; without it until faults are healed.
struct scarcity_fault {
  scarce_resource what = scarce_resource::descriptors;
  std::uint64_t at_most = 64;
  std::optional<duration> lasting;
};
/// Its configuration is read anew.
struct reload_fault {};

/// One fault of a broker.
using broker_fault =
    std::variant<kill_fault, terminate_fault, pause_fault, restart_fault, crash_loop_fault,
                 damage_fault, disk_full_fault, scarcity_fault, reload_fault>;

/// "killed", "killed and started again after 2s, its state lost" and the like.
std::string describe(const broker_fault& what);

/// What happened to the broker, for histories, logs and charts.
struct broker_event {
  enum class moment : std::uint8_t {
    begins,  ///< a fault
    gone,    ///< the broker has ended because of it; told at each end if it ends several times
    ends,    ///< a fault: all is as before
    fails,   ///< a fault is not possible here, or the broker did not come back
  };
  moment what = moment::begins;
  time_point at{};
  std::uint32_t fault = 0;  ///< the number that apply() gave, from 1
  std::string text;         ///< a line for people
};

/// Plays faults on one broker. A fault that comes while one that ends the broker is still under way
/// is told as failed: two at once would mean nothing.
class broker_faults {
 public:
  /// `control` null: there is no broker of ours, and every fault fails with that sentence. It and
  /// the loop outlive this object.
  broker_faults(event_loop& loop, broker_control* control,
                std::function<void(const broker_event&)> on_event);
  ~broker_faults();
  broker_faults(const broker_faults&) = delete;
  broker_faults& operator=(const broker_faults&) = delete;

  /// Begins the fault and answers its number. What becomes of it is told as events.
  std::uint32_t apply(const broker_fault& what);
  /// Ends everything: thaws, gives room back, and starts the broker if it is away.
  void heal();
  /// Whether the broker answers and no fault is under way.
  bool is_whole() const;
  /// Whether the broker was given up because it did not start again.
  bool is_lost() const;

 private:
  struct parts;
  std::unique_ptr<parts> parts_;
};

}  // namespace gauntlet::target
