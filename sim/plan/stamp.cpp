#include "sim/plan/stamp.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "harness/base/assert.hpp"
#include "harness/mqtt/publish_view.hpp"
#include "sim/plan/compact_stamp.hpp"
#include "sim/plan/stamp_bytes.hpp"

namespace gauntlet::sim {
namespace {

using stamp_bytes = std::array<std::uint8_t, stamp_size_bytes>;

/// Not text, so that no text begins with a stamp by chance; in hexadecimal "ab1e57a9".
constexpr std::uint32_t magic = 0xa9571eab;
constexpr std::size_t check_offset = stamp_size_bytes - 4;
static_assert(check_offset % 8 == 0, "the check reads words of eight bytes");
static_assert(stamp_size_bytes % 4 == 0, "digits are made from four bytes at a time");

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

void store_digits(std::uint8_t* out, const stamp_bytes& bytes) {
  for (std::size_t at = 0; at < bytes.size(); at += 4) {
    store(out + 2 * at, to_digits(split(load<std::uint32_t>(&bytes[at]))));
  }
}

/// What the first bytes of a payload look like that carries its stamp in one certain place.
struct stamp_prefix {
  static constexpr std::size_t size_max = 16;
  using pattern = std::array<std::uint8_t, size_max>;

  pattern bytes{};
  pattern mask{};  ///< the bits of `bytes` that count
  stamp_layout where;
};

/// A prefix of fixed bytes after `varying`, of which each byte stands for one byte and tells the
/// bits that count: "\x00" for any. The stamp comes after the prefix, or begins it.
constexpr stamp_prefix prefix(std::string_view head, std::string_view head_mask,
                              std::string_view rest, stamp_layout::encoding as,
                              bool begins_stamp = false) {
  stamp_prefix made;
  std::size_t at = 0;
  for (std::size_t i = 0; i < head.size(); ++i, ++at) {
    made.bytes[at] = static_cast<std::uint8_t>(head[i]);
    made.mask[at] = static_cast<std::uint8_t>(head_mask[i]);
  }
  for (const char c : rest) {
    made.bytes[at] = static_cast<std::uint8_t>(c);
    made.mask[at++] = 0xff;
  }
  made.where = {.offset = begins_stamp ? 0 : static_cast<std::uint32_t>(at), .as = as};
  return made;
}

using namespace std::string_view_literals;
using encoding = stamp_layout::encoding;

/// All places at the beginning. A format of its own is one more row.
constexpr std::array prefixes{
    prefix("", "", "\xab\x1e\x57\xa9"sv, encoding::binary, true),
    prefix("", "", "ab1e57a9"sv, encoding::hexadecimal, true),
    prefix("", "", json_stamp_prefix, encoding::hexadecimal),
    // CBOR: a map of up to 23 members, or of a count in one byte; "_g"; 36 bytes. RFC 8949 §3
    prefix("\xa0"sv, "\xe0"sv, "\x62_g\x58\x24"sv, encoding::binary),
    prefix("\xb8\x00"sv, "\xff\x00"sv, "\x62_g\x58\x24"sv, encoding::binary),
    // MessagePack: fixmap or map 16; fixstr "_g"; bin 8 of 36 bytes.
    prefix("\x80"sv, "\xf0"sv, "\xa2_g\xc4\x24"sv, encoding::binary),
    prefix("\xde\x00\x00"sv, "\xff\x00\x00"sv, "\xa2_g\xc4\x24"sv, encoding::binary),
    // Sparkplug B: the first metric of the payload, with its name and value.
    // sim/sparkplug/payload.hpp
    prefix("\x12\x00"sv, "\xff\x00"sv, "\x0a\x02_g\x82\x01\x24"sv, encoding::binary),
    prefix("", "", "\xc7"sv, encoding::compact, true),
};

bool begins_with(const stamp_prefix& row, const stamp_prefix::pattern& head) {
  const auto wrong = [&](std::size_t at) {
    return (load<std::uint64_t>(&head[at]) & load<std::uint64_t>(&row.mask[at])) ^
           load<std::uint64_t>(&row.bytes[at]);
  };
  return (wrong(0) | wrong(8)) == 0;
}

std::optional<stamp> read_at(byte_view payload, stamp_layout where, const stamp_reading& known) {
  const std::size_t size = where.size();
  const std::size_t offset = where.at_end ? payload.size() - size : where.offset;
  if (payload.size() < size || payload.size() - size < offset) return std::nullopt;
  const std::uint8_t* from = payload.data() + offset;
  if (where.as == encoding::compact) return read_compact_stamp(from, known);
  if (where.as == encoding::hexadecimal) return from_digits(from);
  stamp_bytes bytes;
  std::copy_n(from, bytes.size(), bytes.begin());
  return from_bytes(bytes);
}

constexpr std::uint8_t user_property_id = 0x26;

}  // namespace

std::size_t stamp_layout::size() const {
  switch (as) {
    case encoding::binary:
      return stamp_size_bytes;
    case encoding::hexadecimal:
      return stamp_size_digits;
    case encoding::compact:
      return compact_stamp_size_bytes;
    case encoding::none:
      break;
  }
  return 0;
}

void write_stamp(std::span<std::uint8_t> payload, stamp_layout where, const stamp& what) {
  const std::size_t size = where.size();
  GAUNTLET_ASSERT(payload.size() >= size);
  const std::size_t offset = where.at_end ? payload.size() - size : where.offset;
  GAUNTLET_ASSERT(payload.size() - size >= offset);
  std::uint8_t* out = payload.data() + offset;
  switch (where.as) {
    case encoding::none:
      return;
    case encoding::compact:
      return write_compact_stamp(out, what);
    case encoding::hexadecimal:
      return store_digits(out, to_bytes(what));
    case encoding::binary:
      const stamp_bytes bytes = to_bytes(what);
      std::copy(bytes.begin(), bytes.end(), out);
      return;
  }
}

std::optional<stamp> read_stamp(byte_view payload, const stamp_reading& known) {
  if (payload.size() < compact_stamp_size_bytes) return std::nullopt;
  stamp_prefix::pattern head;
  std::copy_n(payload.begin(), head.size(), head.begin());
  for (const stamp_prefix& row : prefixes) {
    if (!begins_with(row, head)) continue;
    if (const auto found = read_at(payload, row.where, known)) return found;
  }
  for (const encoding as : {encoding::binary, encoding::compact}) {
    if (const auto found = read_at(payload, {.as = as, .at_end = true}, known)) return found;
  }
  return std::nullopt;
}

void append_stamp_property(const stamp& what, byte_buffer& properties) {
  static_assert(stamp_name.size() == 2 && stamp_size_digits < 256);
  const std::array<std::uint8_t, 7> head{user_property_id, 0, 2, '_', 'g', 0, stamp_size_digits};
  properties.insert(properties.end(), head.begin(), head.end());
  properties.resize(properties.size() + stamp_size_digits);
  store_digits(properties.data() + properties.size() - stamp_size_digits, to_bytes(what));
}

std::optional<stamp> read_stamp_property(byte_view properties) {
  mqtt::property_reader reader(properties);
  while (const auto found = reader.next()) {
    const auto* pair = std::get_if<mqtt::string_pair_view>(&found->value);
    if (pair == nullptr || pair->name != stamp_name) continue;
    if (pair->value.size() != stamp_size_digits) return std::nullopt;
    return from_digits(as_bytes(pair->value).data());
  }
  return std::nullopt;
}

}  // namespace gauntlet::sim
