#pragma once

// Ethernet frames with IPv4 and TCP around bytes that some connection carried.

#include <cstdint>

#include "harness/base/bytes.hpp"

namespace gauntlet::conformance {

/// TCP flags that a segment may have, RFC 9293 §3.1.
namespace tcp_flag {
inline constexpr std::uint8_t fin = 0x01;
inline constexpr std::uint8_t syn = 0x02;
inline constexpr std::uint8_t rst = 0x04;
inline constexpr std::uint8_t psh = 0x08;
inline constexpr std::uint8_t ack = 0x10;
}  // namespace tcp_flag

/// One end of a connection.
struct tcp_end {
  std::uint32_t address = 0;  ///< IPv4, first number in the upper byte
  std::uint16_t port = 0;
};

/// One segment.
struct tcp_segment {
  tcp_end from;
  tcp_end to;
  std::uint32_t sequence = 0;
  std::uint32_t acknowledged = 0;
  std::uint8_t flags = 0;
  byte_view payload;             ///< may be less than `payload_size`
  std::size_t payload_size = 0;  ///< at most 1460
};

/// Bytes of the headers of all three.
inline constexpr std::size_t tcp_headers_size = 14 + 20 + 20;

/// The frame as far as its payload is known; checksums are right if all of it is.
byte_buffer to_frame(const tcp_segment& segment);

}  // namespace gauntlet::conformance
