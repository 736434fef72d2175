#pragma once

// The packet identifier that a defect names instead of the right one.

#include <cstdint>

namespace gauntlet::broker {

/// A valid one, from 1 to 65,535, that differs from the given one (MQTT 5.0 §2.2.1).
constexpr std::uint16_t another_identifier(std::uint16_t packet_identifier) noexcept {
  return static_cast<std::uint16_t>(packet_identifier % 65'535U + 1U);
}

}  // namespace gauntlet::broker
