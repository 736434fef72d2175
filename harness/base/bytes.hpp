#pragma once

// Views over raw bytes and text, and the hexadecimal form used in messages. Nothing here owns a
// protocol.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gauntlet {

/// Bytes that somebody else owns; valid only as long as the owner says.
using byte_view = std::span<const std::uint8_t>;

/// Bytes that grow; the usual target of an encoder, which appends to it.
using byte_buffer = std::vector<std::uint8_t>;

/// The same memory seen as bytes.
inline byte_view as_bytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

/// The same memory seen as text; no check of its encoding.
inline std::string_view as_text(byte_view bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// Lower-case hexadecimal pairs with a space between them, as in "10 0c 00"; at most `bytes_max`
/// bytes are shown, then "... (n bytes)".
std::string to_hex(byte_view bytes, std::size_t bytes_max = SIZE_MAX);

}  // namespace gauntlet
