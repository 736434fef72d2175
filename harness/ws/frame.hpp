#pragma once

// WebSocket frames as RFC 6455 §5 lays them out: opcodes, masks, close codes, and the encoder of
// legal frames. The decoder is frame_decoder.hpp; illegal frames come from raw_frame.hpp.

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "harness/base/bytes.hpp"

namespace gauntlet::ws {

/// Which end of the connection this is: clients mask what they send, servers never do
/// (RFC 6455 §5.1).
enum class role : std::uint8_t { client, server };

/// What a frame carries. The other values of the four bits are reserved (RFC 6455 §5.2).
enum class opcode : std::uint8_t {
  continuation = 0x0,
  text = 0x1,
  binary = 0x2,
  close = 0x8,
  ping = 0x9,
  pong = 0xA,
};

/// Control frames are never fragmented and carry at most `control_payload_max` bytes
/// (RFC 6455 §5.5).
constexpr bool is_control(opcode op) { return (static_cast<std::uint8_t>(op) & 0x8) != 0; }
inline constexpr std::size_t control_payload_max = 125;

/// The largest header: two bytes, eight of length, four of mask.
inline constexpr std::size_t frame_header_max = 14;

/// Why an end closes, as registered for the close frame (RFC 6455 §7.4.1).
enum class close_code : std::uint16_t {
  normal = 1000,
  going_away = 1001,
  protocol_error = 1002,
  unsupported_data = 1003,
  invalid_payload = 1007,
  policy_violation = 1008,
  message_too_big = 1009,
  internal_error = 1011,
};

/// Whether `code` may stand in a close frame: registered, or in the ranges left to libraries and
/// applications (3000 to 4999). 1004 to 1006 and 1015 never go on the wire (RFC 6455 §7.4).
constexpr bool may_be_sent(std::uint16_t code) {
  return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) ||
         (code >= 3000 && code <= 4999);
}

/// The four bytes of a mask in wire order.
using mask_key = std::array<std::uint8_t, 4>;

/// The mask made of 32 drawn bits.
constexpr mask_key to_mask(std::uint32_t bits) {
  return {static_cast<std::uint8_t>(bits >> 24), static_cast<std::uint8_t>(bits >> 16),
          static_cast<std::uint8_t>(bits >> 8), static_cast<std::uint8_t>(bits)};
}

/// Masks or unmasks in place (RFC 6455 §5.3). `position` is how many payload bytes of the frame
/// came before `bytes`.
void apply_mask(std::span<std::uint8_t> bytes, const mask_key& mask, std::uint64_t position = 0);

/// Appends one unfragmented frame. `mask` is required of a client and forbidden to a server. A
/// control frame's payload must not exceed `control_payload_max`.
void append_frame(opcode op, byte_view payload, const std::optional<mask_key>& mask,
                  byte_buffer& out);

/// Appends one frame of a message in several frames: `first` carries the opcode, the rest are
/// continuations, `last` ends the message (RFC 6455 §5.4).
struct fragment_place {
  bool first = true;
  bool last = true;
};
void append_fragment(opcode op, fragment_place place, byte_view payload,
                     const std::optional<mask_key>& mask, byte_buffer& out);

/// Appends a close frame with a code and a reason, which is UTF-8 of at most 123 bytes.
void append_close(close_code code, std::string_view reason, const std::optional<mask_key>& mask,
                  byte_buffer& out);

}  // namespace gauntlet::ws
