// corrupt: bits of a packet flip.

#include "harness/fault/packet_plan.hpp"

namespace gauntlet::fault {

void apply(const corrupt& what, const packet_facts& packet, seeded_stream& draws,
           packet_plan& plan) {
  byte_buffer bytes = plan.instead.value_or(byte_buffer(packet.bytes.begin(), packet.bytes.end()));
  const std::size_t first = what.keep_length ? packet.header_bytes : 0;
  if (bytes.size() <= first) return;
  for (std::uint32_t i = 0; i < what.bits; ++i) {
    const std::uint64_t bit = draws.below((bytes.size() - first) * 8);
    bytes[first + bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
  }
  plan.instead = std::move(bytes);
}

}  // namespace gauntlet::fault
