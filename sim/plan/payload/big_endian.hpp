#pragma once

// Numbers as the wire formats want them: the highest byte first.

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

#include "harness/base/bytes.hpp"

namespace gauntlet::sim {

/// Appends the lowest `bytes` bytes of `value`, the highest of them first.
inline void append_big_endian(byte_buffer& out, std::uint64_t value, unsigned bytes) {
  for (unsigned i = bytes; i-- > 0;) out.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
}

/// Appends a number as a float if that holds it exactly, else as a double, each behind its own
/// head.
inline void append_real(byte_buffer& out, double value, std::uint8_t float_head,
                        std::uint8_t double_head) {
  const bool in_range = std::abs(value) <= double{std::numeric_limits<float>::max()};
  const float narrow = in_range ? static_cast<float>(value) : 0;
  if (in_range && double{narrow} == value) {
    out.push_back(float_head);
    append_big_endian(out, std::bit_cast<std::uint32_t>(narrow), 4);
  } else {
    out.push_back(double_head);
    append_big_endian(out, std::bit_cast<std::uint64_t>(value), 8);
  }
}

/// Puts the lowest `bytes` bytes of `value` before what stands at `at`.
inline void insert_big_endian(byte_buffer& out, std::size_t at, std::uint64_t value,
                              unsigned bytes) {
  std::uint8_t head[8];
  for (unsigned i = 0; i < bytes; ++i) {
    head[i] = static_cast<std::uint8_t>(value >> (8 * (bytes - 1 - i)));
  }
  out.insert(out.begin() + static_cast<std::ptrdiff_t>(at), head, head + bytes);
}

}  // namespace gauntlet::sim
