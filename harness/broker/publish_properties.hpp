#pragma once

// Which properties of a received PUBLISH go on with the message (MQTT 5.0 §3.3.2.3).

#include <cstdint>
#include <optional>

#include "harness/base/bytes.hpp"

namespace gauntlet::broker {

/// The properties of a PUBLISH, sorted by whom they are for.
struct publish_properties {
  /// For the subscribers: as they came, in order [MQTT-3.3.2-4, -15, -16, -17, -18, -20].
  byte_view passed_on;
  /// For this hop alone.
  std::optional<std::uint16_t> topic_alias;
  /// Payload Format Indicator 1; passed on, too.
  bool payload_is_text = false;
  /// For the broker to count down (§3.3.2.3.3).
  std::optional<std::uint32_t> message_expiry_interval;
};

/// Sorts properties that decoding has accepted. `passed_on` views `received`, or `scratch` if
/// something had to be left out.
publish_properties sort_properties(byte_view received, byte_buffer& scratch);

}  // namespace gauntlet::broker
