#include "harness/record/utf8.hpp"

#include <cstdint>

namespace gauntlet::record {
namespace {

bool within(unsigned char byte, unsigned char low, unsigned char high) {
  return byte >= low && byte <= high;
}

// Length of the well-formed sequence that `text` begins with; 0 if there is none.
std::size_t sequence_length(std::string_view text) {
  const auto byte = [&](std::size_t i) -> unsigned char {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0;
  };
  const auto continues = [&](std::size_t i) { return within(byte(i), 0x80, 0xbf); };
  const auto first = byte(0);
  if (first < 0x80) return 1;
  if (within(first, 0xc2, 0xdf)) return continues(1) ? 2 : 0;
  if (within(first, 0xe0, 0xef)) {
    const unsigned char low = first == 0xe0 ? 0xa0 : 0x80;
    const unsigned char high = first == 0xed ? 0x9f : 0xbf;
    return within(byte(1), low, high) && continues(2) ? 3 : 0;
  }
  if (within(first, 0xf0, 0xf4)) {
    const unsigned char low = first == 0xf0 ? 0x90 : 0x80;
    const unsigned char high = first == 0xf4 ? 0x8f : 0xbf;
    return within(byte(1), low, high) && continues(2) && continues(3) ? 4 : 0;
  }
  return 0;
}

}  // namespace

std::string to_valid_utf8(std::string_view text) {
  std::string mended;
  mended.reserve(text.size());
  while (!text.empty()) {
    const auto length = sequence_length(text);
    if (length == 0) {
      mended += "\xef\xbf\xbd";
      text.remove_prefix(1);
      continue;
    }
    mended += text.substr(0, length);
    text.remove_prefix(length);
  }
  return mended;
}

}  // namespace gauntlet::record
