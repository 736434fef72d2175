#include "fuzz/execution/connack_code.hpp"

#include "harness/mqtt/protocol.hpp"

namespace gauntlet::fuzz {

std::optional<std::uint8_t> connack_code(byte_view packet) {
  constexpr auto first_byte = static_cast<unsigned>(mqtt::packet_type::connack) << 4U;
  if (packet.size() < 4 || packet[0] != first_byte) return std::nullopt;
  return packet[3];
}

}  // namespace gauntlet::fuzz
