#pragma once

// Numbers of stamps as bytes: little endian on every machine. Internal to the stamps.

#include <bit>
#include <cstdint>
#include <cstring>

namespace gauntlet::sim {

/// The number whose bytes lie in memory as those of `value` would on a little-endian machine.
template <class Int>
Int to_little_endian(Int value) {
  if constexpr (std::endian::native == std::endian::little) return value;
  Int swapped = 0;
  for (std::size_t i = 0; i < sizeof(Int); ++i, value >>= 8) {
    swapped = static_cast<Int>(swapped << 8 | (value & 0xff));
  }
  return swapped;
}

/// Writes sizeof(Int) bytes.
template <class Int>
void store(std::uint8_t* out, Int value) {
  value = to_little_endian(value);
  std::memcpy(out, &value, sizeof(value));
}

/// Reads them back.
template <class Int>
Int load(const std::uint8_t* from) {
  Int value;
  std::memcpy(&value, from, sizeof(value));
  return to_little_endian(value);
}

}  // namespace gauntlet::sim
