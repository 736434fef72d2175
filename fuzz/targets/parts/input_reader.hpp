#pragma once

// Takes decisions from a fuzzer's bytes, from the front. Once they are used up every answer is the
// smallest one, so that a target ends soon.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "harness/base/bytes.hpp"

namespace gauntlet::fuzz {

/// The bytes outlive it.
class input_reader {
 public:
  explicit input_reader(byte_view bytes) : left_(bytes) {}

  bool empty() const { return left_.empty(); }

  std::uint8_t byte() {
    if (left_.empty()) return 0;
    const std::uint8_t first = left_.front();
    left_ = left_.subspan(1);
    return first;
  }
  std::uint16_t two_bytes() {
    const unsigned high = byte();
    return static_cast<std::uint16_t>(high << 8U | byte());
  }
  std::uint32_t four_bytes() {
    const std::uint32_t high = two_bytes();
    return high << 16U | two_bytes();
  }
  bool flag() { return (byte() & 1U) != 0; }
  /// Below `bound`, which is at most 256.
  std::size_t below(std::size_t bound) { return byte() % bound; }
  /// One of some values.
  template <class T, std::size_t N>
  const T& one_of(const std::array<T, N>& values) {
    return values[below(N)];
  }

  /// At most so many of the bytes that are left.
  byte_view bytes(std::size_t count) {
    const byte_view taken = left_.first(std::min(count, left_.size()));
    left_ = left_.subspan(taken.size());
    return taken;
  }
  /// As many as one more byte says.
  byte_view short_bytes() { return bytes(byte()); }
  /// The bytes up to the next one of value `end`, which is dropped.
  std::string_view text_until(std::uint8_t end) {
    const auto at = std::find(left_.begin(), left_.end(), end);
    const byte_view text = bytes(static_cast<std::size_t>(at - left_.begin()));
    bytes(1);
    return as_text(text);
  }
  byte_view rest() { return bytes(left_.size()); }

 private:
  byte_view left_;
};

}  // namespace gauntlet::fuzz
