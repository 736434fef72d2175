#include "harness/base/bytes.hpp"

#include <algorithm>

namespace gauntlet {

std::string to_hex(byte_view bytes, std::size_t bytes_max) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  const std::size_t shown = std::min(bytes.size(), bytes_max);
  text.reserve(shown * 3);
  for (std::size_t i = 0; i < shown; ++i) {
    if (i > 0) text += ' ';
    text += digits[bytes[i] >> 4];
    text += digits[bytes[i] & 0x0f];
  }
  if (shown < bytes.size()) text += " ... (" + std::to_string(bytes.size()) + " bytes)";
  return text;
}

}  // namespace gauntlet
