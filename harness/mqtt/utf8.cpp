#include "harness/mqtt/utf8.hpp"

#include <cstring>

#include "harness/base/utf8.hpp"

namespace gauntlet::mqtt {

namespace {

constexpr std::uint64_t in_each_byte(std::uint8_t value) { return 0x0101010101010101U * value; }
constexpr std::uint64_t top_bits = in_each_byte(0x80);

/// Non-zero if any byte of `word` is zero.
constexpr std::uint64_t zero_bytes(std::uint64_t word) {
  return (word - in_each_byte(1)) & ~word & top_bits;
}

/// Non-zero if the word holds a byte that is not plain.
template <bool TopicName>
constexpr std::uint64_t not_plain(std::uint64_t word) {
  std::uint64_t found = (word & top_bits) | zero_bytes(word);
  if constexpr (TopicName) {
    found |= zero_bytes(word ^ in_each_byte('+')) | zero_bytes(word ^ in_each_byte('#'));
  }
  return found;
}

std::uint64_t load(const char* from) noexcept {
  std::uint64_t word;
  std::memcpy(&word, from, sizeof word);
  return word;
}

template <bool TopicName>
bool is_plain(std::string_view text) noexcept {
  constexpr std::size_t step = sizeof(std::uint64_t);
  const char* at = text.data();
  std::size_t left = text.size();
  if (left < step) {
    for (; left != 0; ++at, --left) {
      const auto c = static_cast<unsigned char>(*at);
      if (c == 0 || c >= 0x80 || (TopicName && (c == '+' || c == '#'))) return false;
    }
    return true;
  }
  for (; left > step; at += step, left -= step) {
    if (not_plain<TopicName>(load(at)) != 0) return false;
  }
  // The last word may overlap the one before it.
  return not_plain<TopicName>(load(at + left - step)) == 0;
}

}  // namespace

text_check check_text(std::string_view text) noexcept {
  std::size_t at = 0;
  while (at < text.size()) {
    const auto c = static_cast<unsigned char>(text[at]);
    if (c == 0) return {text_fault::null_character, at};
    if (c < 0x80) {
      ++at;
      continue;
    }
    const std::size_t size = utf8_sequence_size(text.substr(at));
    if (size == 0) return {text_fault::ill_formed, at};
    at += size;
  }
  return {};
}

bool is_plain_ascii(std::string_view text) noexcept { return is_plain<false>(text); }

bool is_plain_topic_name(std::string_view text) noexcept { return is_plain<true>(text); }

}  // namespace gauntlet::mqtt
