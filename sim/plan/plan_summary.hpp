#pragma once

// What a scenario amounts to, in figures, before anything runs: for `scenario check` and
// `--dry-run`.

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "sim/plan/fleet_plan.hpp"

namespace gauntlet::sim {

/// What one group does, or what happens in one stage.
struct load_figures {
  std::string name;               ///< of the group or the stage
  duration length{};              ///< of the stage; of all publishing for a group
  load_range load;                ///< of the stage
  double messages = 0;            ///< planned
  double deliveries = 0;          ///< to be expected of these messages
  double payload_bytes_sent = 0;  ///< taken from the first messages of a group's first device
};

/// Figures of a plan.
struct plan_summary {
  std::uint64_t devices = 0;
  std::uint64_t devices_v3_1_1 = 0;
  std::uint64_t devices_v5 = 0;
  std::uint64_t publishers = 0;     ///< devices with at least one stream
  std::uint64_t subscribers = 0;    ///< devices with at least one subscription
  std::uint64_t subscriptions = 0;  ///< of all devices
  std::uint64_t streams = 0;
  /// Messages planned, by QoS of publication; expected values where intervals are random.
  std::array<double, 3> messages{};
  /// Deliveries to be expected, by QoS of publication: one for each message and each matching
  /// subscription, one for all members of a share.
  std::array<double, 3> deliveries{};
  std::vector<load_figures> groups;  ///< that publish, in order of the file
  std::vector<load_figures> stages;  ///< one without a name if there are no stages
  duration arrival{};
  duration publishing{};
  duration drain{};
  std::vector<std::string> notes;  ///< what the run will not be able to judge

  double messages_total() const { return messages[0] + messages[1] + messages[2]; }
  double deliveries_total() const { return deliveries[0] + deliveries[1] + deliveries[2]; }
};

plan_summary summarize(const fleet_plan& plan);

/// A few lines for people: devices, messages a second by QoS, deliveries, time.
std::string describe(const plan_summary& summary);

}  // namespace gauntlet::sim
