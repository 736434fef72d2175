// inject: a packet that nobody sent.

#include "harness/fault/packet_plan.hpp"

namespace gauntlet::fault {

void apply(const inject& what, const packet_facts& /*packet*/, seeded_stream& /*draws*/,
           packet_plan& plan) {
  plan.forged.push_back({.bytes = what.packet, .towards = what.towards, .before = what.before});
}

}  // namespace gauntlet::fault
