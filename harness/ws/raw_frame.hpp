#pragma once

// A frame written exactly as told, legal or not, for peers that break the rules on purpose.

#include <cstdint>
#include <optional>
#include <span>

#include "harness/base/bytes.hpp"
#include "harness/ws/frame.hpp"

namespace gauntlet::ws {

/// How the payload length is written: in the shortest form, or forced into the seven bits, the
/// 16-bit or the 64-bit field (RFC 6455 §5.2 demands the shortest).
enum class length_form : std::uint8_t { shortest, bits7, bits16, bits64 };

/// One frame, field by field. Nothing is checked; what does not fit a field is cut to its low bits.
struct raw_frame {
  bool fin = true;
  std::uint8_t reserved_bits = 0;       ///< RSV1 to RSV3 as a number from 0 to 7; RSV1 is 4
  std::uint8_t opcode = 0x2;            ///< 0 to 15
  std::optional<bool> mask_bit;         ///< none: set exactly if `mask` is given
  std::optional<mask_key> mask;         ///< written after the length, and applied to the payload
  std::optional<std::uint64_t> length;  ///< none: the size of `payload`
  length_form form = length_form::shortest;
  byte_view payload;  ///< must live until the frame is appended
};

/// Writes the header alone, for callers that send the payload from elsewhere; answers its size.
std::size_t write_raw_header(const raw_frame& frame, std::span<std::uint8_t, frame_header_max> out);

/// Appends header and payload.
void append_raw(const raw_frame& frame, byte_buffer& out);

}  // namespace gauntlet::ws
