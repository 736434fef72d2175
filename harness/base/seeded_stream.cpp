#include "harness/base/seeded_stream.hpp"

#include "harness/base/assert.hpp"

namespace gauntlet {
namespace {

__extension__ using uint128 = unsigned __int128;

}  // namespace

std::uint64_t seeded_stream::below(std::uint64_t bound) {
  GAUNTLET_ASSERT(bound > 0);
  // Lemire's method: the high half of draw * bound is uniform once the few draws whose low half
  // falls short of 2^64 mod bound are drawn again.
  uint128 product = static_cast<uint128>(next_u64()) * bound;
  auto low = static_cast<std::uint64_t>(product);
  if (low < bound) {
    const std::uint64_t threshold = (0 - bound) % bound;
    while (low < threshold) {
      product = static_cast<uint128>(next_u64()) * bound;
      low = static_cast<std::uint64_t>(product);
    }
  }
  return static_cast<std::uint64_t>(product >> 64U);
}

std::int64_t seeded_stream::between(std::int64_t min, std::int64_t max) {
  GAUNTLET_ASSERT(min <= max);
  const std::uint64_t span = static_cast<std::uint64_t>(max) - static_cast<std::uint64_t>(min);
  const std::uint64_t offset = span == UINT64_MAX ? next_u64() : below(span + 1);
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(min) + offset);
}

double seeded_stream::exponential() {
  // Von Neumann's method: comparisons of uniform draws alone, hence the same on every machine. The
  // length of the first falling run is odd with probability e^-x given its first draw x; each
  // rejected run adds 1.
  for (double whole = 0;; whole += 1) {
    const double first = uniform();
    double last = first;
    for (;;) {
      const double next = uniform();
      if (next >= last) return whole + first;
      last = uniform();
      if (last >= next) break;
    }
  }
}

double seeded_stream::normal() {
  // An exponential draw x is accepted with probability e^(-(x-1)^2/2), which leaves the half-normal
  // density. No product is added to anything, so fused multiply-add cannot change the outcome.
  for (;;) {
    const double x = exponential();
    const double off = x - 1;
    if (2 * exponential() < off * off) continue;
    return (next_u64() & 1U) != 0 ? -x : x;
  }
}

void seeded_stream::bytes(std::span<std::uint8_t> out) {
  std::size_t at = 0;
  while (at < out.size()) {
    std::uint64_t draw = next_u64();
    for (int i = 0; i < 8 && at < out.size(); ++i, ++at) {
      out[at] = static_cast<std::uint8_t>(draw);
      draw >>= 8U;
    }
  }
}

}  // namespace gauntlet
