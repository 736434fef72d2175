// duplicate: a packet arrives more than once.

#include "harness/fault/packet_plan.hpp"

namespace gauntlet::fault {

void apply(const duplicate& what, const packet_facts& packet, seeded_stream& /*draws*/,
           packet_plan& plan) {
  constexpr std::uint8_t dup_bit = 0x08;
  for (std::uint32_t i = 0; i < what.copies; ++i) {
    byte_buffer bytes(packet.bytes.begin(), packet.bytes.end());
    if (what.set_dup && packet.type == mqtt::packet_type::publish) bytes[0] |= dup_bit;
    plan.copies.push_back({.bytes = std::move(bytes), .gap = what.gap});
  }
}

}  // namespace gauntlet::fault
