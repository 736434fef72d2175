#include "sim/plan/stamp.hpp"

#include <algorithm>
#include <array>

#include "harness/base/assert.hpp"

namespace gauntlet::sim {
namespace {

using stamp_bytes = std::array<std::uint8_t, stamp_size_bytes>;

/// Not text, so that no text begins with a stamp by chance; in hexadecimal "ab1e57a9".
constexpr std::array<std::uint8_t, 4> magic{0xab, 0x1e, 0x57, 0xa9};
constexpr std::size_t check_offset = stamp_size_bytes - 4;
static_assert(check_offset % 8 == 0, "the check reads words of eight bytes");

template <class Int>
void store(stamp_bytes& out, std::size_t& at, Int value) {
  for (std::size_t i = 0; i < sizeof(Int); ++i, ++at) {
    out[at] = static_cast<std::uint8_t>(value >> (8 * i));
  }
}

template <class Int>
Int fetch(const stamp_bytes& from, std::size_t& at) {
  Int value = 0;
  for (std::size_t i = 0; i < sizeof(Int); ++i, ++at) {
    value |= static_cast<Int>(static_cast<Int>(from[at]) << (8 * i));
  }
  return value;
}

std::uint32_t check_of(const stamp_bytes& bytes) {
  std::uint64_t hash = 0xcbf29ce484222325U;
  std::size_t at = 0;
  while (at < check_offset) {
    hash = (hash ^ fetch<std::uint64_t>(bytes, at)) * 0x9e3779b97f4a7c15U;
    hash ^= hash >> 32U;
  }
  return static_cast<std::uint32_t>(hash);
}

stamp_bytes to_bytes(const stamp& what) {
  stamp_bytes bytes;
  std::copy(magic.begin(), magic.end(), bytes.begin());
  std::size_t at = magic.size();
  store(bytes, at, what.run_id);
  store(bytes, at, what.stream);
  store(bytes, at, what.sequence);
  store(bytes, at, static_cast<std::uint64_t>(what.scheduled.count()));
  store(bytes, at, static_cast<std::uint64_t>(what.sent.count()));
  store(bytes, at, check_of(bytes));
  return bytes;
}

std::optional<stamp> from_bytes(const stamp_bytes& bytes) {
  if (!std::equal(magic.begin(), magic.end(), bytes.begin())) return std::nullopt;
  std::size_t at = magic.size();
  stamp read;
  read.run_id = fetch<std::uint32_t>(bytes, at);
  read.stream = fetch<std::uint32_t>(bytes, at);
  read.sequence = fetch<std::uint32_t>(bytes, at);
  read.scheduled = duration(static_cast<duration::rep>(fetch<std::uint64_t>(bytes, at)));
  read.sent = duration(static_cast<duration::rep>(fetch<std::uint64_t>(bytes, at)));
  if (fetch<std::uint32_t>(bytes, at) != check_of(bytes)) return std::nullopt;
  return read;
}

/// The value of a lower-case hexadecimal digit, or 255.
constexpr std::array<std::uint8_t, 256> digit_values = [] {
  std::array<std::uint8_t, 256> values{};
  for (auto& value : values) value = 255;
  for (std::uint8_t i = 0; i < 10; ++i) values['0' + i] = i;
  for (std::uint8_t i = 0; i < 6; ++i) values['a' + i] = static_cast<std::uint8_t>(10 + i);
  return values;
}();

std::optional<stamp> from_digits(byte_view digits) {
  stamp_bytes bytes;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const std::uint8_t high = digit_values[digits[2 * i]];
    const std::uint8_t low = digit_values[digits[2 * i + 1]];
    if ((high | low) > 15) return std::nullopt;
    bytes[i] = static_cast<std::uint8_t>(high << 4U | low);
  }
  return from_bytes(bytes);
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
  constexpr std::string_view digits = "0123456789abcdef";
  for (const std::uint8_t byte : bytes) {
    *out++ = static_cast<std::uint8_t>(digits[byte >> 4U]);
    *out++ = static_cast<std::uint8_t>(digits[byte & 0xfU]);
  }
}

std::optional<stamp> read_stamp(byte_view payload) {
  if (payload.size() < stamp_size_bytes) return std::nullopt;
  if (payload[0] == magic[0]) {
    stamp_bytes bytes;
    std::copy_n(payload.begin(), bytes.size(), bytes.begin());
    return from_bytes(bytes);
  }
  if (payload[0] == '{') {
    if (!as_text(payload).starts_with(json_stamp_prefix)) return std::nullopt;
    payload = payload.subspan(json_stamp_prefix.size());
  }
  if (payload.size() < stamp_size_digits) return std::nullopt;
  return from_digits(payload.first(stamp_size_digits));
}

}  // namespace gauntlet::sim
