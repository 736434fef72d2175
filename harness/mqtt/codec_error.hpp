#pragma once

// Why bytes are no legal packet, and why a packet cannot be put into bytes.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "harness/mqtt/protocol.hpp"
#include "harness/mqtt/reason_code.hpp"

namespace gauntlet::mqtt {

/// The two kinds of error of MQTT 5.0 §4.13.1. 3.1.1 makes no difference; there a packet that
/// cannot be parsed counts as malformed and one that breaks another rule as a protocol error.
enum class error_kind : std::uint8_t { malformed_packet, protocol_error };

/// "Malformed Packet" or "Protocol Error".
std::string_view error_kind_name(error_kind kind) noexcept;

/// The rule that received bytes break. All text is static, so that failing costs no allocation.
struct decode_error {
  std::string_view rule;       ///< what the standard asks for, in our words
  std::string_view section;    ///< of the standard of the packet's version, as in "3.3.1.2"
  std::string_view statement;  ///< as in "MQTT-3.3.1-4"; empty if the rule has no number
  std::string_view subject;    ///< the packet, field or property at fault, as in "Topic Name"
  std::size_t offset = 0;      ///< of the first offending byte in the packet, fixed header included
  error_kind kind = error_kind::malformed_packet;
  mqtt::reason_code reason_code = mqtt::reason_code::malformed_packet;  ///< to answer with in 5.0
  protocol_version version = protocol_version::v5;                      ///< whose standard is cited
  friend bool operator==(const decode_error&, const decode_error&) = default;
};

/// One line for people, as in
/// "byte 4: Topic Name: must not contain wildcard characters (Protocol Error, MQTT 5.0 §3.3.2.1,
/// MQTT-3.3.2-2)".
std::string describe(const decode_error& error);

/// Why a packet has no representation on the wire. All text is static.
struct encode_error {
  std::string_view rule;     ///< the limit that the packet breaks, in our words
  std::string_view section;  ///< of the standard of the version encoded
  std::string_view subject;  ///< the field or property at fault
  protocol_version version = protocol_version::v5;
  friend bool operator==(const encode_error&, const encode_error&) = default;
};

/// One line for people.
std::string describe(const encode_error& error);

}  // namespace gauntlet::mqtt
