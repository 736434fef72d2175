// delay: a packet is late; hold, reorder, stall and coalesce: it waits for something else.

#include <algorithm>

#include "harness/fault/packet_plan.hpp"

namespace gauntlet::fault {

void apply(const delay& what, const packet_facts& /*packet*/, seeded_stream& draws,
           packet_plan& plan) {
  duration late = what.by;
  if (what.jitter > duration::zero()) {
    late += duration(draws.between(-what.jitter.count(), what.jitter.count()));
  }
  plan.late += std::max(late, duration::zero());
  plan.may_be_overtaken = plan.may_be_overtaken || !what.keep_order;
}

void apply(const reorder& what, const packet_facts& /*packet*/, seeded_stream& /*draws*/,
           packet_plan& plan) {
  plan.reordered = what;
}

void apply(const hold& what, const packet_facts& /*packet*/, seeded_stream& /*draws*/,
           packet_plan& plan) {
  plan.held = what;
}

void apply(const coalesce& what, const packet_facts& /*packet*/, seeded_stream& /*draws*/,
           packet_plan& plan) {
  plan.coalesced = what;
}

void apply(const stall& what, const packet_facts& /*packet*/, seeded_stream& /*draws*/,
           packet_plan& plan) {
  plan.stall = std::max(plan.stall.value_or(duration::zero()), what.lasting);
}

void apply(const half_open& /*what*/, const packet_facts& /*packet*/, seeded_stream& /*draws*/,
           packet_plan& plan) {
  plan.direction_dies = true;
}

}  // namespace gauntlet::fault
