#include "sim/engine/live_recorder.hpp"

#include <algorithm>
#include <string>

namespace gauntlet::sim {
namespace {

constexpr std::uint8_t nobody = 0xfe;
constexpr std::uint8_t not_looked_at = 0xff;

// Whether silence can be told from a subscriber that is not there.
bool watches_silence(const scenario& described) {
  return described.publishing == publishing_start::after_arrival &&
         described.disturbances.empty() &&
         std::any_of(described.expect.begin(), described.expect.end(), [](const auto& each) {
           return each.what == figure::lost && each.abort_after;
         });
}

}  // namespace

live_recorder::live_recorder(const fleet_plan& plan, live_slots& slots, std::uint64_t& owed)
    : plan_(plan), slots_(slots), owed_(owed), table_(plan.described(), plan.stages()) {
  recent_.resize(table_.expectations().size());
  if (!watches_silence(plan.described())) return;
  audience_ = std::make_unique<audience>();
  owed_at_.resize(plan.stream_count(), not_looked_at);
  for (device_number device = 0; device < plan.device_count(); ++device) {
    const device_group& group = plan.group_of(device);
    if (group.life.as != life_cycle::kind::always_on) continue;
    for (const subscription& each : group.subscribe) {
      if (each.is_shared || each.no_local) continue;
      std::uint8_t& most = audience_->find_or_add(plan.expand(device, each.filter));
      most = std::max(most, static_cast<std::uint8_t>(each.qos));
    }
  }
}

void live_recorder::on_receipt(std::uint32_t stream, mqtt::qos qos, duration due,
                               history::receipt_kind kind, std::int64_t missing,
                               std::optional<duration> latency) {
  const std::uint32_t group = plan_.position_of(plan_.source_of(stream).device).group;
  const live_slot_table::mask slots = table_.of_message(group, qos, due);
  for_each_slot(slots, [&](std::size_t i) {
    if (kind == history::receipt_kind::duplicate) {
      ++slots_[i].duplicated;
      return;
    }
    ++slots_[i].first_copies;
    if (latency) recent_[i].record(*latency);
  });
  if (missing == 0) return;
  // A stage that is late may pay for one before it, but never the other way: what comes late makes
  // up for it whatever its stage, so that nothing is missing here that has come.
  const auto of_missing = missing > 0 ? slots : table_.of_any_stage(group, qos);
  for_each_slot(of_missing, [&](std::size_t i) { slots_[i].missing += missing; });
}

std::optional<mqtt::qos> live_recorder::owed_at(std::uint32_t stream) {
  std::uint8_t& known = owed_at_[stream];
  if (known == not_looked_at) {
    const fleet_plan::stream_source source = plan_.source_of(stream);
    const publication& what = plan_.group_of(source.device).publish[source.publication];
    known = nobody;
    if (what.stamp != stamp_place::none && !what.answers) {
      audience_->match(plan_.topic_of(source.device, source.publication), [&](std::uint8_t most) {
        const std::uint8_t level = std::min(most, static_cast<std::uint8_t>(what.qos));
        known = known == nobody ? level : std::max(known, level);
      });
    }
  }
  if (known == nobody) return std::nullopt;
  return static_cast<mqtt::qos>(known);
}

void live_recorder::on_owned(std::uint32_t stream, duration due) {
  const auto qos = owed_at(stream);
  if (!qos) return;
  ++owed_;
  if (!table_.any_messages()) return;
  const std::uint32_t group = plan_.position_of(plan_.source_of(stream).device).group;
  for_each_slot(table_.of_message(group, *qos, due), [&](std::size_t i) { ++slots_[i].owed; });
}

void live_recorder::on_connected(std::uint32_t group, int by) {
  for_each_slot(table_.of_connection(group), [&](std::size_t i) {
    slots_[i].connected += static_cast<std::uint64_t>(std::int64_t{by});
  });
}

void live_recorder::close_interval() {
  for (std::size_t i = 0; i < recent_.size(); ++i) {
    slots_[i].latency_p99_ns = recent_[i].percentile(99).count();
    recent_[i] = {};
  }
}

}  // namespace gauntlet::sim
