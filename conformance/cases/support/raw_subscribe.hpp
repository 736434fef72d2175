#pragma once

// SUBSCRIBE and UNSUBSCRIBE byte by byte, for those that are wrong in one place.

#include <cstdint>
#include <optional>
#include <string_view>

#include "conformance/suite/breach.hpp"
#include "conformance/suite/context.hpp"

namespace gauntlet::conformance {

/// A packet of filters of which each part can be changed or left out. MQTT 5.0 §3.8, §3.10
struct raw_filters {
  std::uint8_t first_byte = 0x82;  ///< of SUBSCRIBE; 0xA2 is that of UNSUBSCRIBE
  std::uint16_t packet_identifier = 0x0101;
  mqtt::raw_fields properties = {};                   ///< in 5.0, without their length
  std::optional<std::uint32_t> property_length = {};  ///< claimed in place of theirs
  mqtt::raw_fields payload = {};

  byte_buffer bytes(mqtt::protocol_version version) const;
};

inline constexpr std::uint8_t unsubscribe_first_byte = 0xA2;

/// The payload of a SUBSCRIBE: a filter and its options byte.
mqtt::raw_fields filter_with_options(std::string_view filter, std::uint8_t options);

/// Demands that the broker ends the connection of a client that sends these bytes, after it has
/// granted the same client's like a plain subscription (or answered an UNSUBSCRIBE).
void expect_filters_refused(context& test, const raw_filters& wrong, const refusal& manner);

/// Demands that the broker does not grant a filter that is no valid one. How it refuses is not laid
/// down: an error in SUBACK or the end of the connection.
void expect_filter_not_granted(context& test, const std::string& valid, const std::string& invalid);

}  // namespace gauntlet::conformance
