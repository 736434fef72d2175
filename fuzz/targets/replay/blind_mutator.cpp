#include "fuzz/targets/replay/blind_mutator.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace gauntlet::fuzz {
namespace {

/// Values at which lengths and counters go wrong.
constexpr std::array<std::uint8_t, 8> odd_bytes{0, 1, 0x7F, 0x80, 0xFF, 0x10, 0x0A, 0x20};

/// The text between the first and the last quote of a line.
std::string unescaped(std::string_view quoted) {
  std::string word;
  while (!quoted.empty()) {
    char next = quoted.front();
    std::size_t taken = 1;
    if (quoted.starts_with("\\x") && quoted.size() >= 4) {
      unsigned value = 0;
      std::from_chars(quoted.data() + 2, quoted.data() + 4, value, 16);
      next = static_cast<char>(value);
      taken = 4;
    }
    word += next;
    quoted.remove_prefix(taken);
  }
  return word;
}

}  // namespace

std::vector<std::string> words_of_dictionary(std::string_view text) {
  std::vector<std::string> words;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    const auto first = line.find('"');
    const auto last = line.rfind('"');
    if (first != line.npos && last > first) {
      words.push_back(unescaped(line.substr(first + 1, last - first - 1)));
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return words;
}

blind_mutator::blind_mutator(std::vector<byte_buffer> corpus, std::vector<std::string> words,
                             std::uint64_t seed)
    : corpus_(std::move(corpus)), words_(std::move(words)), draws_(seed, "blind mutator", "", 0) {
  if (corpus_.empty()) corpus_.emplace_back();
  if (words_.empty()) words_.emplace_back(4, '\0');
}

byte_buffer blind_mutator::next() {
  byte_buffer input = any_input();
  for (std::size_t left = 1 + below(8); left > 0; --left) change(input);
  input.resize(std::min(input.size(), input_bytes_max));
  return input;
}

void blind_mutator::insert(byte_buffer& input, byte_view what) {
  const auto at = static_cast<std::ptrdiff_t>(below(input.size() + 1));
  input.insert(input.begin() + at, what.begin(), what.end());
}

void blind_mutator::change_byte(byte_buffer& input) {
  if (input.empty()) return input.push_back(0);
  std::uint8_t& byte = input[below(input.size())];
  switch (below(3)) {
    case 0:
      byte = static_cast<std::uint8_t>(byte ^ (1U << below(8)));
      return;
    case 1:
      byte = odd_bytes[below(odd_bytes.size())];
      return;
    default:
      byte = static_cast<std::uint8_t>(draws_.next_u64());
      return;
  }
}

void blind_mutator::change(byte_buffer& input) {
  switch (below(6)) {
    case 0:
      return insert(input, as_bytes(words_[below(words_.size())]));
    case 1: {  // a part of another input
      const byte_view other = any_input();
      const std::size_t first = below(other.size() + 1);
      return insert(input, other.subspan(first, below(other.size() - first + 1)));
    }
    case 2: {  // a part goes
      const std::size_t first = below(input.size() + 1);
      const std::size_t last = first + below(std::min<std::size_t>(input.size() - first, 16) + 1);
      input.erase(input.begin() + static_cast<std::ptrdiff_t>(first),
                  input.begin() + static_cast<std::ptrdiff_t>(last));
      return;
    }
    default:
      return change_byte(input);
  }
}

}  // namespace gauntlet::fuzz
