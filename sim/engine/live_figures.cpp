#include "sim/engine/live_figures.hpp"

#include <algorithm>

#include "harness/base/assert.hpp"

namespace gauntlet::sim {
namespace {

constexpr std::size_t qos_count = 3;

bool concerns(const expectation& what, const std::string& group, std::size_t qos,
              std::string_view stage) {
  if (!what.group.empty() && what.group != group) return false;
  if (!what.stage.empty() && what.stage != stage) return false;
  return what.qos.empty() || std::any_of(what.qos.begin(), what.qos.end(), [&](mqtt::qos each) {
           return static_cast<std::size_t>(each) == qos;
         });
}

}  // namespace

bool needs_slot(const expectation& what) {
  return what.abort_after && (!what.group.empty() || !what.qos.empty() || !what.stage.empty());
}

live_slot_table::live_slot_table(const scenario& described, const stage_plan& stages)
    : stages_(stages) {
  for (std::size_t i = 0; i < described.expect.size(); ++i) {
    if (needs_slot(described.expect[i])) slots_.push_back(i);
  }
  GAUNTLET_ASSERT(slots_.size() <= narrowed_live_max);  // the scenario was checked
  for (std::size_t slot = 0; slot < slots_.size(); ++slot) {
    const expectation& what = described.expect[slots_[slot]];
    const mask bit = mask{1} << slot;
    if (!is_of_messages(what.what)) {
      of_connections_.resize(described.fleet.size());
      for (std::size_t g = 0; g < described.fleet.size(); ++g) {
        if (described.fleet[g].name == what.group) of_connections_[g] |= bit;
      }
      continue;
    }
    of_messages_.resize(described.fleet.size() * qos_count * stages.count());
    std::size_t at = 0;
    for (const device_group& group : described.fleet) {
      for (std::size_t qos = 0; qos < qos_count; ++qos) {
        for (std::size_t stage = 0; stage < stages.count(); ++stage, ++at) {
          if (concerns(what, group.name, qos, stages.name(stage))) of_messages_[at] |= bit;
        }
      }
    }
  }
}

std::optional<std::size_t> live_slot_table::slot_of(std::size_t expectation) const {
  const auto found = std::find(slots_.begin(), slots_.end(), expectation);
  if (found == slots_.end()) return std::nullopt;
  return static_cast<std::size_t>(found - slots_.begin());
}

live_slot_table::mask live_slot_table::of_message(std::uint32_t group, mqtt::qos qos,
                                                  duration due) const {
  if (of_messages_.empty()) return 0;
  const std::size_t level = group * qos_count + static_cast<std::size_t>(qos);
  return of_messages_[level * stages_.count() + stages_.at(due)];
}

live_slot_table::mask live_slot_table::of_any_stage(std::uint32_t group, mqtt::qos qos) const {
  if (of_messages_.empty()) return 0;
  const std::size_t first = (group * qos_count + static_cast<std::size_t>(qos)) * stages_.count();
  mask all = 0;
  for (std::size_t stage = 0; stage < stages_.count(); ++stage) all |= of_messages_[first + stage];
  return all;
}

}  // namespace gauntlet::sim
