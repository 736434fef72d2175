#include "sim/plan/stamp.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#include "harness/base/assert.hpp"

namespace gauntlet::sim {
namespace {

using stamp_bytes = std::array<std::uint8_t, stamp_size_bytes>;

/// Not text, so that no text begins with a stamp by chance; in hexadecimal "ab1e57a9".
constexpr std::uint32_t magic = 0xa9571eab;
constexpr std::size_t check_offset = stamp_size_bytes - 4;
static_assert(check_offset % 8 == 0, "the check reads words of eight bytes");
static_assert(stamp_size_bytes % 4 == 0, "digits are made from four bytes at a time");

/// Numbers stand little endian on every machine.
template <class Int>
Int to_little_endian(Int value) {
  if constexpr (std::endian::native == std::endian::little) return value;
  Int swapped = 0;
  for (std::size_t i = 0; i < sizeof(Int); ++i, value >>= 8) {
    swapped = static_cast<Int>(swapped << 8 | (value & 0xff));
  }
  return swapped;
}

template <class Int>
void store(std::uint8_t* out, Int value) {
  value = to_little_endian(value);
  std::memcpy(out, &value, sizeof(value));
}

template <class Int>
Int load(const std::uint8_t* from) {
  Int value;
  std::memcpy(&value, from, sizeof(value));
  return to_little_endian(value);
}

std::uint32_t check_of(const stamp_bytes& bytes) {
  std::uint64_t hash = 0xcbf29ce484222325U;
  for (std::size_t at = 0; at < check_offset; at += 8) {
    hash = (hash ^ load<std::uint64_t>(&bytes[at])) * 0x9e3779b97f4a7c15U;
    hash ^= hash >> 32U;
  }
  return static_cast<std::uint32_t>(hash);
}

stamp_bytes to_bytes(const stamp& what) {
  stamp_bytes bytes;
  store(&bytes[0], magic);
  store(&bytes[4], what.run_id);
  store(&bytes[8], what.stream);
  store(&bytes[12], what.sequence);
  store(&bytes[16], static_cast<std::uint64_t>(what.scheduled.count()));
  store(&bytes[24], static_cast<std::uint64_t>(what.sent.count()));
  store(&bytes[check_offset], check_of(bytes));
  return bytes;
}

std::optional<stamp> from_bytes(const stamp_bytes& bytes) {
  if (load<std::uint32_t>(&bytes[0]) != magic) return std::nullopt;
  if (load<std::uint32_t>(&bytes[check_offset]) != check_of(bytes)) return std::nullopt;
  return stamp{
      .run_id = load<std::uint32_t>(&bytes[4]),
      .stream = load<std::uint32_t>(&bytes[8]),
      .sequence = load<std::uint32_t>(&bytes[12]),
      .scheduled = duration(static_cast<duration::rep>(load<std::uint64_t>(&bytes[16]))),
      .sent = duration(static_cast<duration::rep>(load<std::uint64_t>(&bytes[24]))),
  };
}

// Hexadecimal digits are made and read eight at a time, one in each byte of a word, the first in
// the lowest byte.
constexpr std::uint64_t each_byte = 0x0101010101010101U;

/// Digits of the values 0 to 15 in the bytes of `nibbles`.
std::uint64_t to_digits(std::uint64_t nibbles) {
  const std::uint64_t letters = (nibbles + 6 * each_byte) >> 4U & each_byte;
  return nibbles + '0' * each_byte + ('a' - '0' - 10) * letters;
}

std::uint64_t split(std::uint32_t four_bytes) {
  std::uint64_t wide = four_bytes;
  wide = (wide | wide << 16U) & 0x0000ffff0000ffffU;
  wide = (wide | wide << 8U) & 0x00ff00ff00ff00ffU;
  return (wide >> 4U & 0x000f000f000f000fU) | (wide & 0x000f000f000f000fU) << 8U;
}

std::uint32_t join(std::uint64_t nibbles) {
  std::uint64_t wide =
      (nibbles << 4U & 0x00f000f000f000f0U) | (nibbles >> 8U & 0x000f000f000f000fU);
  wide = (wide | wide >> 8U) & 0x0000ffff0000ffffU;
  return static_cast<std::uint32_t>(wide | wide >> 16U);
}

std::optional<stamp> from_digits(const std::uint8_t* digits) {
  stamp_bytes bytes;
  std::uint64_t wrong = 0;
  for (std::size_t at = 0; at < bytes.size(); at += 4) {
    const auto word = load<std::uint64_t>(digits + 2 * at);
    // Letters have bit 6 set, and their low half counts from 1. Whatever is no lower-case digit
    // does not come out of to_digits() as it went in.
    const std::uint64_t letters = word >> 6U & each_byte;
    const std::uint64_t nibbles = (word & 0x0f * each_byte) + 9 * letters;
    wrong |= (nibbles & 0xf0 * each_byte) | (to_digits(nibbles & 0x0f * each_byte) ^ word);
    store(&bytes[at], join(nibbles & 0x0f * each_byte));
  }
  return wrong == 0 ? from_bytes(bytes) : std::nullopt;
}

}  // namespace

void write_stamp(std::span<std::uint8_t> payload, stamp_layout where, const stamp& what) {
  GAUNTLET_ASSERT(payload.size() >= where.offset + where.size());
  const stamp_bytes bytes = to_bytes(what);
  std::uint8_t* out = payload.data() + where.offset;
  if (where.as == stamp_layout::encoding::binary) {
    std::copy(bytes.begin(), bytes.end(), out);
    return;
  }
  for (std::size_t at = 0; at < bytes.size(); at += 4) {
    store(out + 2 * at, to_digits(split(load<std::uint32_t>(&bytes[at]))));
  }
}

std::optional<stamp> read_stamp(byte_view payload) {
  if (payload.size() < stamp_size_bytes) return std::nullopt;
  if (payload[0] == (magic & 0xffU)) {
    stamp_bytes bytes;
    std::copy_n(payload.begin(), bytes.size(), bytes.begin());
    return from_bytes(bytes);
  }
  if (payload[0] == '{') {
    if (!as_text(payload).starts_with(json_stamp_prefix)) return std::nullopt;
    payload = payload.subspan(json_stamp_prefix.size());
  }
  if (payload.size() < stamp_size_digits) return std::nullopt;
  return from_digits(payload.data());
}

}  // namespace gauntlet::sim
