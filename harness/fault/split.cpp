// split: a packet arrives in pieces.

#include "harness/fault/packet_plan.hpp"

namespace gauntlet::fault {

void apply(const split& what, const packet_facts& /*packet*/, seeded_stream& /*draws*/,
           packet_plan& plan) {
  plan.piece_bytes = what.bytes;
  plan.piece_gap = what.gap;
}

}  // namespace gauntlet::fault
