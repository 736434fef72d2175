#pragma once

// What a scenario breaks between its devices and the broker, and what it wants proven about that.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/event_loop.hpp"
#include "harness/config/diagnostic.hpp"
#include "harness/fault/rule.hpp"
#include "harness/fault_host/host_fault.hpp"

namespace gauntlet::sim {

/// What an entry of `faults` does to the broker itself.
struct scheduled_broker_fault {
  enum class kind : std::uint8_t {
    none,  ///< the entry is about something else
    kill,
    terminate,
    pause,
    reload,
    disk_full,
    descriptors,
  };
  enum class state : std::uint8_t { kept, lost, truncated, flipped };

  kind what = kind::none;
  std::optional<duration> restart_after;  ///< none: it stays away until publishing is over
  state store = state::kept;              ///< what it finds when it starts again
  std::uint32_t times = 1;                ///< killed so often, each time once it answers
  std::uint32_t at_most = 0;              ///< of descriptors
  bool is_optional = false;               ///< a run on a broker that is not ours leaves it out
};

/// The words of a scenario: "kill", "disk_full".
std::string_view word_of(scheduled_broker_fault::kind what);

/// One entry of `faults`. Its times count from the start of publishing; with `at: 0s` and no entry
/// of its own for that, it is there from then on.
struct scheduled_fault {
  fault::rule rule;
  /// A fault below TCP, of all devices; of the rule only name and times count then.
  std::optional<fault_host::host_fault> host;
  /// A fault of the broker; of the rule only name, times and, at packets, the selection count then.
  scheduled_broker_fault broker;
  std::vector<std::string> groups;  ///< by name; empty: all
  double share = 1;                 ///< of the devices of each group, 0 to 1, chosen by the seed
  config::place where;

  bool is_of_broker() const { return broker.what != scheduled_broker_fault::kind::none; }
  /// Of faults of the broker: it strikes when the rule selects a packet, not at a time.
  bool is_at_packets() const { return is_of_broker() && !rule.who.packets.empty(); }
};

/// Random faults out of a list.
struct chaos_settings {
  duration every = std::chrono::seconds(5);    ///< mean time from one to the next
  duration lasting = std::chrono::seconds(1);  ///< of those that do not say themselves
  std::uint32_t at_most = 100;
  std::vector<scheduled_fault> from;
};

/// What shall be proven of the packets of a run. docs/guarantees.md
struct guarantee_settings {
  std::optional<std::uint32_t> queue_limit;  ///< messages that the broker keeps for a session
  bool survives_stop = false;
  bool survives_kill = false;
  duration kill_margin{};
};

}  // namespace gauntlet::sim
