#pragma once

// Numbers as the wire formats want them: the highest byte first.

#include <cstdint>

#include "harness/base/bytes.hpp"

namespace gauntlet::sim {

/// Appends the lowest `bytes` bytes of `value`, the highest of them first.
inline void append_big_endian(byte_buffer& out, std::uint64_t value, unsigned bytes) {
  for (unsigned i = bytes; i-- > 0;) out.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
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
