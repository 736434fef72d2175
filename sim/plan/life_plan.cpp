#include "sim/plan/life_plan.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace gauntlet::sim {
namespace {

// No stretch is shorter, so that a life has finitely many turns.
constexpr duration stretch_min = std::chrono::milliseconds(1);

duration part_of(duration whole, double part) {
  return duration(static_cast<duration::rep>(static_cast<double>(whole.count()) * part));
}

duration drawn(duration middle, spread how, seeded_stream& draws) {
  switch (how) {
    case spread::fixed:
      break;
    case spread::uniform:
      middle = part_of(middle, 0.5 + draws.uniform());
      break;
    case spread::exponential:
      // Bounded, so that one draw does not end the life of a device.
      middle = part_of(middle, std::min(draws.exponential(), 20.0));
      break;
  }
  return std::max(middle, stretch_min);
}

bool strikes(const storm_settings& storm, const device_group& group) {
  return storm.groups.empty() ||
         std::find(storm.groups.begin(), storm.groups.end(), group.name) != storm.groups.end();
}

}  // namespace

life_plan::life_plan(const fleet_plan& plan) : plan_(plan) {
  const scenario& described = plan.described();
  const stream_key seed(described.seed);
  for (const device_group& group : described.fleet) {
    group_life& life = groups_.emplace_back();
    life.draws = seed.with("life").with(group.name);
    life.lives = group.life.as != life_cycle::kind::always_on;
    for (std::size_t i = 0; i < described.disturbances.size(); ++i) {
      const storm_settings& storm = described.disturbances[i].storm;
      struck_group& struck = life.storms.emplace_back();
      if (!strikes(storm, group)) continue;
      life.lives = true;
      struck.count = static_cast<std::uint64_t>(std::llround(storm.share * group.count));
      seeded_stream draws(life.draws.with("storm").with(i));
      struck.shift = draws.below(group.count);
      // A step without a common divisor visits every device once.
      do {
        struck.step = 1 + draws.below(group.count);
      } while (std::gcd(struck.step, std::uint64_t{group.count}) != 1);
    }
    if (!life.lives) life.storms.clear();
  }
}

bool life_plan::anybody_lives() const {
  return std::any_of(groups_.begin(), groups_.end(), [](const auto& each) { return each.lives; });
}

duration life_plan::start_of(device_number device) const {
  const bool own_start = plan_.described().publishing == publishing_start::on_arrival;
  return own_start ? plan_.arrival_of(device) : duration::zero();
}

// The turn of the life cycle with that number; the one before ended at `after`.
std::optional<absence> life_plan::turn(device_number device, std::uint32_t number,
                                       duration after) const {
  const life_cycle& life = life_of(device);
  if (life.as == life_cycle::kind::always_on) return std::nullopt;
  const device_position at = plan_.position_of(device);
  const stream_key key = groups_[at.group].draws.with(at.index);
  seeded_stream draws(key.with(number));
  const duration start = start_of(device);
  const bool visits = life.as == life_cycle::kind::visit;
  const duration present = drawn(life.present, life.spread, draws);
  const duration away = visits ? life.every : drawn(life.away, life.spread, draws);
  duration first = life.first.value_or(duration::zero());
  if (!life.first && (number == 0 || visits)) {
    seeded_stream phase(key.with("phase"));
    first = part_of(visits ? life.every : present + away, phase.uniform());
  }

  absence made{.cycle = number + 1, .leaves = life.leaves};
  if (visits) {
    made.until = start + first + life.every * std::int64_t{number};
    made.from = number == 0 ? start : made.until - life.every;
  } else {
    made.from = number == 0 ? start + first : after + present;
    made.until = made.from + (life.as == life_cycle::kind::roaming ? duration::zero() : away);
  }
  made.cycle_end = made.until;
  return made;
}

std::optional<absence> life_plan::storm(device_number device, std::size_t number) const {
  const device_position at = plan_.position_of(device);
  const group_life& group = groups_[at.group];
  const struck_group& struck = group.storms[number];
  const std::uint64_t size = plan_.group_of(device).count;
  if ((struck.step * at.index + struck.shift) % size >= struck.count) return std::nullopt;
  const disturbance& what = plan_.described().disturbances[number];
  seeded_stream draws(group.draws.with("storm").with(number).with(at.index));
  absence made{.disturbance = static_cast<std::int32_t>(number), .leaves = what.storm.leaves};
  made.from = what.at + part_of(what.storm.within, draws.uniform());
  made.by_reconnect = !what.storm.back_within.has_value();
  made.until = made.by_reconnect ? made.from
                                 : what.at + what.storm.within +
                                       part_of(*what.storm.back_within, draws.uniform());
  return made;
}

// The first absence from `time` on, when `cycle` turns are over, the last at `cycle_end`.
std::optional<absence> life_plan::after(device_number device, duration time, std::uint32_t cycle,
                                        duration cycle_end) const {
  auto best = turn(device, cycle, cycle_end);
  while (best && best->from < time) best = turn(device, best->cycle, best->cycle_end);
  // Visitors are struck while they are there, and nobody knows before how long that is.
  const bool visits = life_of(device).as == life_cycle::kind::visit;
  const std::size_t storms = visits ? 0 : groups_[plan_.position_of(device).group].storms.size();
  for (std::size_t i = 0; i < storms; ++i) {
    auto struck = storm(device, i);
    if (!struck || struck->from < time || (best && best->from <= struck->from)) continue;
    struck->cycle = cycle;
    struck->cycle_end = cycle_end;
    best = struck;
  }
  const duration end = plan_.described().publish_for;
  if (!best || best->from >= end) return std::nullopt;
  best->until = std::min(best->until, end);
  return best;
}

std::optional<absence> life_plan::strike(device_number device, std::size_t disturbance) const {
  if (groups_[plan_.position_of(device).group].storms.empty()) return std::nullopt;
  auto made = storm(device, disturbance);
  if (!made || made->from >= plan_.described().publish_for) return std::nullopt;
  made->until = std::min(made->until, plan_.described().publish_for);
  return made;
}

std::optional<absence> life_plan::first_absence(device_number device) const {
  return after(device, start_of(device), 0, start_of(device));
}

std::optional<absence> life_plan::next_absence(device_number device, const absence& last) const {
  // An absence without length is over at once, and must not be found again.
  const duration time = std::max(last.until, last.from + duration(1));
  const bool visits = life_of(device).as == life_cycle::kind::visit;
  return after(device, visits ? last.until : time, last.cycle, last.cycle_end);
}

bool life_plan::waits(device_number device, const absence& away, duration due) const {
  if (life_of(device).as == life_cycle::kind::visit) {
    return due <= away.until && (due > away.from || away.cycle == 1);
  }
  return due >= away.from && due < away.until;
}

// The absence that `time` falls into or that ends then; of visits, the one that it waits for.
std::optional<absence> life_plan::absence_over(device_number device, duration time) const {
  if (!groups_[plan_.position_of(device).group].lives) return std::nullopt;
  auto away = first_absence(device);
  while (away && away->until < time) away = next_absence(device, *away);
  return away;
}

duration life_plan::ready_at(device_number device, duration due) const {
  auto away = absence_over(device, due);
  // One that ends at `due` does not hold it, but the next one might begin then.
  while (away && away->from <= due) {
    if (waits(device, *away, due)) return away->until;
    away = next_absence(device, *away);
  }
  return due;
}

duration life_plan::first_due_ready_from(device_number device, duration from) const {
  const auto away = absence_over(device, from);
  if (!away || away->from >= from || from > away->until) return from;
  if (life_of(device).as == life_cycle::kind::visit) {
    return away->cycle == 1 ? duration::zero() : away->from + duration(1);
  }
  return away->from == away->until ? from : away->from;
}

}  // namespace gauntlet::sim
