#pragma once

// Draws that can be had in any order: each is a function of its number.

#include <cstdint>

#include "harness/base/seeded_stream.hpp"

namespace gauntlet::sim {

/// A draw of mean 0 and deviation 1 that is close to normal: the sum of four 16-bit uniforms.
/// `part` picks one of the draws of splitmix64 seeded by `seed`.
inline double step_draw(std::uint64_t seed, std::uint64_t part) {
  const std::uint64_t bits = stream_key::mix(seed + part * 0x9e3779b97f4a7c15U);
  const std::uint64_t pairs = (bits & 0x0000ffff0000ffffU) + (bits >> 16U & 0x0000ffff0000ffffU);
  const std::uint64_t sum = (pairs & 0xffffffffU) + (pairs >> 32U);
  // Each uniform has the variance (65536^2 - 1) / 12; the sum of four the deviation 37837.2.
  return (static_cast<double>(static_cast<std::int64_t>(sum)) - 131'070.0) * (1.0 / 37837.226869);
}

/// Uniform in [0, 1), the only draw of a key.
inline double uniform_draw(const stream_key& key) {
  return static_cast<double>(key.bits() >> 11U) * 0x1p-53;
}

}  // namespace gauntlet::sim
