// drop and withhold: a packet never arrives, and the connection goes on.

#include "harness/fault/packet_plan.hpp"

namespace gauntlet::fault {

void apply(const drop& /*what*/, const packet_facts& /*packet*/, seeded_stream& /*draws*/,
           packet_plan& plan) {
  plan.swallowed = true;
}

void apply(const withhold& /*what*/, const packet_facts& packet, seeded_stream& /*draws*/,
           packet_plan& plan) {
  using enum mqtt::packet_type;
  plan.swallowed = plan.swallowed || (packet.type >= puback && packet.type <= pubcomp);
}

}  // namespace gauntlet::fault
