#pragma once

// Where the devices of one worker stand in their lives: a side table for each group that has a life
// cycle or is struck by a disturbance, and nothing for the others.

#include <cstdint>
#include <vector>

#include "sim/engine/device.hpp"
#include "sim/plan/life_plan.hpp"

namespace gauntlet::sim {

/// Where a device stands between two absences.
enum class life_phase : std::uint8_t {
  over,     ///< no absence is to come
  present,  ///< `turn` is to come
  leaving,  ///< `turn` has begun: the device finishes what is under way, or its visit
  away,     ///< `turn` is under way
};

/// What is remembered of one device with a life.
struct device_life {
  absence turn;  ///< the absence to come or under way
  /// Messages due until here may be sent; what is due later waits for the next time.
  duration sends_until = duration::max();
  absence last;                                        ///< the absence that was over last
  std::int32_t struck_by = absence::no_disturbance;    ///< from which it has not recovered yet
  std::int32_t next_strike = absence::no_disturbance;  ///< of a visitor
  bool kept_away = false;   ///< by a strike, from a visit that is not over
  std::uint16_t moves = 0;  ///< new addresses taken by roaming
  life_phase phase = life_phase::over;
  bool has_last = false;
  bool lingers = false;  ///< all is sent; the visit ends with the timer
};

/// The lives of one worker's devices.
class device_lives {
 public:
  explicit device_lives(const fleet_plan& plan);

  const life_plan& plan() const { return plan_; }
  /// Makes room for the device; once for each, in the order of local numbers.
  void add_device(const device& who);
  /// Nothing for devices that are never away.
  device_life* of(const device& who) {
    group& table = groups_[who.group];
    return table.devices.empty() ? nullptr : &table.devices[who.local - table.first_local];
  }
  const device_life* of(const device& who) const {
    const group& table = groups_[who.group];
    return table.devices.empty() ? nullptr : &table.devices[who.local - table.first_local];
  }
  /// Numbers the devices with a life densely, from 0; the device must have one.
  std::uint32_t index_of(const device& who) const {
    const group& table = groups_[who.group];
    return table.first_index + who.local - table.first_local;
  }
  /// The reverse: the device's local number.
  std::uint32_t local_of(std::uint32_t index) const { return locals_[index]; }
  /// When a message due at `due` was planned to go out: life_plan::ready_at(), quickly for those
  /// since the last absence.
  duration ready_at(const device& who, duration due) const;

 private:
  struct group {
    std::uint32_t first_local = 0;
    std::uint32_t first_index = 0;
    std::vector<device_life> devices;
  };

  life_plan plan_;
  std::vector<group> groups_;
  std::vector<std::uint32_t> locals_;  // by index
};

}  // namespace gauntlet::sim
