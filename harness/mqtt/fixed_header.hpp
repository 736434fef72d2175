#pragma once

// The fixed header: packet type, flags and Remaining Length. MQTT 5.0 §2.1

#include <cstddef>
#include <cstdint>

#include "harness/mqtt/protocol.hpp"
#include "harness/mqtt/rules.hpp"
#include "harness/mqtt/wire_reader.hpp"

namespace gauntlet::mqtt {

/// The Remaining Length as found at the front of some bytes.
struct remaining_length_field {
  enum class state : std::uint8_t {
    complete,
    unfinished,  ///< the bytes end before it does
    too_long,    ///< the fourth byte announces a fifth
  };
  state found = state::unfinished;
  std::uint32_t value = 0;
  std::uint8_t size = 0;  ///< bytes taken, if complete
  bool shortest = true;   ///< encoded in the fewest bytes possible
};

/// Reads the Remaining Length; `bytes` start behind the first byte of the packet.
inline remaining_length_field read_remaining_length(byte_view bytes) noexcept {
  using state = remaining_length_field::state;
  std::uint32_t value = 0;
  for (std::uint8_t i = 0; i < 4; ++i) {
    if (i == bytes.size()) return {state::unfinished};
    value |= static_cast<std::uint32_t>(bytes[i] & 0x7FU) << (7 * i);
    if ((bytes[i] & 0x80U) == 0) {
      const auto size = static_cast<std::uint8_t>(i + 1);
      return {state::complete, value, size, bytes[i] != 0 || i == 0};
    }
  }
  return {state::too_long};
}

/// What the fixed header of a whole packet says.
struct fixed_header {
  packet_type type{};
  std::uint8_t flags = 0;
  bool shortest_length = true;
};

/// Reads and checks the fixed header of a whole packet: type, flags, who may send it, and that the
/// packet is as long as it says. Whether a CONNECT has the shortest Remaining Length is left to its
/// decoder, which knows the version.
fixed_header read_fixed_header(wire_reader& reader, sender from) noexcept;

}  // namespace gauntlet::mqtt
