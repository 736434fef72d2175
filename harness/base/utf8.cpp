#include "harness/base/utf8.hpp"

namespace gauntlet {
namespace {

// The size of a sequence and the bounds of its second byte, which rule out overlong forms,
// surrogates and values above U+10FFFF.
struct sequence_form {
  std::size_t size = 0;  // 0: no sequence starts with this byte
  unsigned char second_low = 0x80;
  unsigned char second_high = 0xbf;
};

constexpr sequence_form form_of(unsigned char first) {
  if (first < 0x80) return {.size = 1};
  if (first >= 0xc2 && first <= 0xdf) return {.size = 2};
  if (first == 0xe0) return {.size = 3, .second_low = 0xa0};
  if (first == 0xed) return {.size = 3, .second_high = 0x9f};
  if (first >= 0xe1 && first <= 0xef) return {.size = 3};
  if (first == 0xf0) return {.size = 4, .second_low = 0x90};
  if (first >= 0xf1 && first <= 0xf3) return {.size = 4};
  if (first == 0xf4) return {.size = 4, .second_high = 0x8f};
  return {};
}

}  // namespace

std::size_t utf8_sequence_size(std::string_view text) noexcept {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const sequence_form form = form_of(byte(0));
  if (form.size == 0 || text.size() < form.size) return 0;
  if (form.size > 1 && (byte(1) < form.second_low || byte(1) > form.second_high)) return 0;
  for (std::size_t i = 2; i < form.size; ++i) {
    if ((byte(i) & 0xc0U) != 0x80U) return 0;
  }
  return form.size;
}

bool is_utf8(std::string_view text) noexcept {
  while (!text.empty()) {
    const std::size_t size = utf8_sequence_size(text);
    if (size == 0) return false;
    text.remove_prefix(size);
  }
  return true;
}

std::string to_valid_utf8(std::string_view text) {
  std::string mended;
  mended.reserve(text.size());
  while (!text.empty()) {
    const std::size_t size = utf8_sequence_size(text);
    if (size == 0) {
      mended += "\xef\xbf\xbd";
      text.remove_prefix(1);
      continue;
    }
    mended += text.substr(0, size);
    text.remove_prefix(size);
  }
  return mended;
}

}  // namespace gauntlet
