#include "sim/plan/compact_stamp.hpp"

#include <algorithm>

#include "harness/base/assert.hpp"
#include "harness/base/seeded_stream.hpp"
#include "sim/plan/stamp_bytes.hpp"

namespace gauntlet::sim {
namespace {

constexpr duration tick = std::chrono::microseconds(4);
constexpr unsigned sent_bits = 34;
constexpr std::uint64_t sent_mask = (std::uint64_t{1} << sent_bits) - 1;
/// A message that comes this much before it was sent is one of a clock that is a little behind.
constexpr std::uint64_t ahead_max = 250'000;  // a second
constexpr std::uint64_t check_mask = 0xffff00;

std::uint64_t check_of(std::uint64_t low, std::uint64_t high, std::uint32_t run_id) {
  const std::uint64_t hash = stream_key::mix(stream_key::mix((low & ~check_mask) ^ run_id) ^ high);
  return hash >> 40U & check_mask;
}

/// A whole number of microseconds as 5 bits of exponent and 5 of mantissa, rounded to the nearest.
std::uint64_t to_short_float(duration lag) {
  std::int64_t us = std::max<std::int64_t>(0, (lag.count() + 500) / 1000);
  std::uint64_t exponent = 0;
  std::int64_t half = 0;  // what the last bit shifted out adds
  for (; us + half > 63 && exponent < 30; ++exponent) {
    half = us & 1;
    us >>= 1;
  }
  us = std::min<std::int64_t>(us + half, 63);
  return us < 32 ? static_cast<std::uint64_t>(us)
                 : (exponent + 1) << 5U | (static_cast<std::uint64_t>(us) - 32);
}

duration from_short_float(std::uint64_t packed) {
  const std::uint64_t exponent = packed >> 5U;
  const std::uint64_t mantissa = packed & 31U;
  const std::uint64_t us = exponent == 0 ? mantissa : (32 + mantissa) << (exponent - 1);
  return std::chrono::microseconds(us);
}

}  // namespace

void write_compact_stamp(std::uint8_t* out, const stamp& what) {
  GAUNTLET_ASSERT(what.stream < 1U << 28U);
  const std::uint64_t sent = static_cast<std::uint64_t>(what.sent / tick) & sent_mask;
  std::uint64_t low = compact_stamp_magic | std::uint64_t{what.stream} << 24U |
                      to_short_float(what.sent - what.scheduled) << 52U | sent << 62U;
  const std::uint64_t high = sent >> 2U | std::uint64_t{what.sequence} << 32U;
  low |= check_of(low, high, what.run_id);
  store(out, low);
  store(out + 8, high);
}

std::optional<stamp> read_compact_stamp(const std::uint8_t* from, const stamp_reading& known) {
  const auto low = load<std::uint64_t>(from);
  const auto high = load<std::uint64_t>(from + 8);
  if ((low & 0xff) != compact_stamp_magic) return std::nullopt;
  if ((low & check_mask) != check_of(low, high, known.run_id)) return std::nullopt;
  const std::uint64_t sent = low >> 62U | (high & 0xffffffffU) << 2U;
  const std::int64_t now = known.now / tick;
  const std::uint64_t age = (static_cast<std::uint64_t>(now) - sent) & sent_mask;
  const std::int64_t ago = age > sent_mask - ahead_max
                               ? -static_cast<std::int64_t>(sent_mask + 1 - age)
                               : static_cast<std::int64_t>(age);
  const duration sent_at = (now - ago) * tick;
  return stamp{.run_id = known.run_id,
               .stream = static_cast<std::uint32_t>(low >> 24U & 0xfffffffU),
               .sequence = static_cast<std::uint32_t>(high >> 32U),
               .scheduled = sent_at - from_short_float(low >> 52U & 0x3ffU),
               .sent = sent_at};
}

}  // namespace gauntlet::sim
