#pragma once

// The vocabulary that every part of the protocol shares: versions, packet types, quality of
// service, who sent a packet, and the limits of the wire format.

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace gauntlet::mqtt {

/// A protocol version; the value is the Protocol Version byte (3.1.1: Protocol Level) of CONNECT.
enum class protocol_version : std::uint8_t { v3_1_1 = 4, v5 = 5 };

/// "3.1.1" or "5.0".
std::string_view version_name(protocol_version version) noexcept;

/// The kinds of MQTT Control Packet, with the value of their upper four bits. MQTT 5.0 §2.1.2
enum class packet_type : std::uint8_t {
  connect = 1,
  connack = 2,
  publish = 3,
  puback = 4,
  pubrec = 5,
  pubrel = 6,
  pubcomp = 7,
  subscribe = 8,
  suback = 9,
  unsubscribe = 10,
  unsuback = 11,
  pingreq = 12,
  pingresp = 13,
  disconnect = 14,
  auth = 15,  ///< 5.0 only; reserved in 3.1.1
};

/// The name as the standard writes it, as in "CONNECT"; "reserved (0)" for type 0.
std::string_view packet_type_name(packet_type type) noexcept;

/// The type that the first byte of a packet announces; 0 comes out as a value without a name.
constexpr packet_type packet_type_of(std::uint8_t first_byte) noexcept {
  return static_cast<packet_type>(first_byte >> 4);
}

/// Quality of service. MQTT 5.0 §4.3
enum class qos : std::uint8_t { at_most_once = 0, at_least_once = 1, exactly_once = 2 };

/// The end of the connection that sent a packet.
enum class sender : std::uint8_t { client, server };

/// "client" or "server".
std::string_view sender_name(sender from) noexcept;

/// The largest Remaining Length, in bytes. MQTT 5.0 §2.1.4
inline constexpr std::size_t remaining_length_max = 268'435'455;
/// The longest fixed header: the first byte and four bytes of Remaining Length.
inline constexpr std::size_t fixed_header_size_max = 5;
/// The largest packet there can be, fixed header included.
inline constexpr std::size_t packet_size_limit = fixed_header_size_max + remaining_length_max;
/// The longest string or binary field, in bytes. MQTT 5.0 §1.5.4
inline constexpr std::size_t field_size_max = 65'535;

}  // namespace gauntlet::mqtt
