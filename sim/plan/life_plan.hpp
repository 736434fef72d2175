#pragma once

// When each device is away, derived on demand from (scenario, seed, device): nothing is stored for
// a device. Absences of one device never overlap: a storm that strikes while the device is away
// passes it by, and so does a sleep that would begin during a storm. Times are on the plan's time
// line. Nobody is away beyond the scenario's duration: at its end the whole fleet comes back to
// send and to fetch what has waited.

#include <cstdint>
#include <optional>
#include <vector>

#include "sim/plan/fleet_plan.hpp"

namespace gauntlet::sim {

/// One planned absence.
struct absence {
  static constexpr std::int32_t no_disturbance = -1;

  duration from{};
  duration until{};         ///< visits: when the device comes
  std::uint32_t cycle = 0;  ///< turns of the life cycle up to here, for the next draw
  duration cycle_end{};     ///< when the last of them ended
  std::int32_t disturbance = no_disturbance;  ///< index into scenario::disturbances
  departure leaves = departure::clean;
  bool by_reconnect = false;  ///< the device comes back as its `reconnect` says; `until` is `from`
};

/// The absences of a fleet. Immutable; the plan must outlive it.
class life_plan {
 public:
  explicit life_plan(const fleet_plan& plan);

  /// Whether devices of the group are ever away as planned.
  bool lives(std::size_t group) const { return groups_[group].lives; }
  /// Whether those of any group are.
  bool anybody_lives() const;

  std::optional<absence> first_absence(device_number device) const;
  std::optional<absence> next_absence(device_number device, const absence& last) const;
  /// What a disturbance does to a device that comes for visits, should it be there then; nothing if
  /// it is spared. Of other devices it is among the absences.
  std::optional<absence> strike(device_number device, std::size_t disturbance) const;

  /// When a message that becomes due at `due` can go out as planned: then, or when the device is
  /// back. Visits send what was due before they began.
  duration ready_at(device_number device, duration due) const;
  /// The least due time of which ready_at() is `from` or later.
  duration first_due_ready_from(device_number device, duration from) const;
  /// Whether a message due at `due` waits for the end of that absence.
  bool waits(device_number device, const absence& away, duration due) const;

 private:
  struct struck_group {
    std::uint64_t step = 1;  // devices are taken in the order step * index + shift
    std::uint64_t shift = 0;
    std::uint64_t count = 0;  // of the group's devices
  };
  struct group_life {
    bool lives = false;
    stream_key draws{0};
    std::vector<struck_group> storms;  // by disturbance; empty: none strikes
  };

  const life_cycle& life_of(device_number device) const { return plan_.group_of(device).life; }
  duration start_of(device_number device) const;
  std::optional<absence> turn(device_number device, std::uint32_t number, duration after) const;
  std::optional<absence> storm(device_number device, std::size_t number) const;
  std::optional<absence> after(device_number device, duration time, std::uint32_t cycle,
                               duration cycle_end) const;
  std::optional<absence> absence_over(device_number device, duration time) const;

  const fleet_plan& plan_;
  std::vector<group_life> groups_;
};

}  // namespace gauntlet::sim
