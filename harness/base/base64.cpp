#include "harness/base/base64.hpp"

#include <algorithm>
#include <array>

namespace gauntlet {
namespace {

constexpr std::uint8_t no_letter = 0xFF;

constexpr std::array<std::uint8_t, 256> make_values() {
  std::array<std::uint8_t, 256> values{};
  values.fill(no_letter);
  for (std::size_t i = 0; i < base64_letters.size(); ++i) {
    values[static_cast<unsigned char>(base64_letters[i])] = static_cast<std::uint8_t>(i);
  }
  return values;
}

}  // namespace

std::string to_base64(byte_view bytes) {
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t size = std::min<std::size_t>(3, bytes.size() - i);
    std::uint32_t group = 0;
    for (std::size_t j = 0; j < 3; ++j) group = group << 8 | (j < size ? bytes[i + j] : 0U);
    for (std::size_t j = 0; j < 4; ++j) {
      text += j <= size ? base64_letters[group >> (18 - 6 * j) & 0x3F] : '=';
    }
  }
  return text;
}

std::optional<byte_buffer> from_base64(std::string_view text) {
  static constexpr std::array<std::uint8_t, 256> values = make_values();
  if (text.size() % 4 != 0) return std::nullopt;
  const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
  byte_buffer bytes;
  bytes.reserve(text.size() / 4 * 3);
  std::uint32_t group = 0;
  std::size_t bits = 0;
  for (const char c : text.substr(0, text.size() - padding)) {
    const std::uint8_t value = values[static_cast<unsigned char>(c)];
    if (value == no_letter) return std::nullopt;
    group = group << 6 | value;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push_back(static_cast<std::uint8_t>(group >> bits & 0xFF));
  }
  // Bits left over must be zero, or one value would have several texts.
  if ((group & ((1U << bits) - 1)) != 0) return std::nullopt;
  return bytes;
}

}  // namespace gauntlet
