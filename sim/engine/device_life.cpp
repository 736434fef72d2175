#include "sim/engine/device_life.hpp"

namespace gauntlet::sim {

device_lives::device_lives(const fleet_plan& plan)
    : plan_(plan), groups_(plan.described().fleet.size()) {}

void device_lives::add_device(const device& who) {
  if (!plan_.lives(who.group)) return;
  group& table = groups_[who.group];
  if (table.devices.empty()) {
    table.first_local = who.local;
    table.first_index = static_cast<std::uint32_t>(locals_.size());
  }
  table.devices.emplace_back();
  locals_.push_back(who.local);
}

duration device_lives::ready_at(const device& who, duration due) const {
  const device_life* life = of(who);
  if (life == nullptr || !life->has_last || due > life->last.until) return due;
  if (plan_.waits(who.number, life->last, due)) return life->last.until;
  if (due >= life->last.from) return due;
  return plan_.ready_at(who.number, due);
}

}  // namespace gauntlet::sim
