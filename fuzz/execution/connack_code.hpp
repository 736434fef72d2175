#pragma once

// What a CONNACK says, read without its version.

#include <cstdint>
#include <optional>

#include "harness/base/bytes.hpp"

namespace gauntlet::fuzz {

/// The return code of a CONNACK of MQTT 3.1.1, or the Reason Code of one of 5.0: 0 in both is
/// success. Nothing if the packet is no CONNACK, or ends before it.
std::optional<std::uint8_t> connack_code(byte_view packet);

}  // namespace gauntlet::fuzz
