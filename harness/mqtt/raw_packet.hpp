#pragma once

// Packets byte by byte, legal or not: any fixed header, forged lengths, fields in any order,
// properties anywhere. For conformance cases and fuzzers; nothing is checked.

#include <cstdint>
#include <optional>
#include <string_view>

#include "harness/base/bytes.hpp"
#include "harness/mqtt/packets.hpp"
#include "harness/mqtt/property.hpp"
#include "harness/mqtt/protocol.hpp"

namespace gauntlet::mqtt {

/// Fields one after the other, as in `raw_fields().utf8_string("a/b").two_byte_integer(7)`.
class raw_fields {
 public:
  raw_fields() = default;
  explicit raw_fields(byte_view bytes) : bytes_(bytes.begin(), bytes.end()) {}

  raw_fields& byte(std::uint8_t value);
  raw_fields& two_byte_integer(std::uint16_t value);
  raw_fields& four_byte_integer(std::uint32_t value);
  /// Seven bits a byte, at least `width` bytes long: a width above the need gives a legal value in
  /// an illegal form. Writes up to five bytes.
  raw_fields& variable_byte_integer(std::uint32_t value, std::size_t width = 1);
  /// A length of two bytes and the text; `length` forges the former.
  raw_fields& utf8_string(std::string_view text, std::optional<std::uint16_t> length = {});
  raw_fields& binary_data(byte_view data, std::optional<std::uint16_t> length = {});
  /// Bytes as they are.
  raw_fields& append(byte_view bytes);
  raw_fields& append(std::string_view text) { return append(as_bytes(text)); }
  raw_fields& append(const raw_fields& fields) { return append(fields.bytes()); }

  /// Identifier and value of a property, whatever the packet.
  raw_fields& property(const mqtt::property& item);
  /// A property identifier that the standard may or may not define; its value has to follow.
  raw_fields& property_identifier(std::uint32_t id) { return variable_byte_integer(id); }
  /// A Property Length and the properties; `length` forges the former.
  raw_fields& properties(const raw_fields& fields, std::optional<std::uint32_t> length = {});
  raw_fields& properties(const property_list& items, std::optional<std::uint32_t> length = {});

  /// Changes what is there; `offset` counts from the first field.
  raw_fields& set(std::size_t offset, std::uint8_t value);
  raw_fields& insert(std::size_t offset, byte_view bytes);
  raw_fields& erase(std::size_t offset, std::size_t count);
  /// Keeps the first `size` bytes.
  raw_fields& truncate(std::size_t size);

  const byte_buffer& bytes() const noexcept { return bytes_; }
  std::size_t size() const noexcept { return bytes_.size(); }

 private:
  byte_buffer bytes_;
};

/// The first byte of a fixed header.
constexpr std::uint8_t first_byte_of(packet_type type, std::uint8_t flags = 0) noexcept {
  return static_cast<std::uint8_t>((static_cast<unsigned>(type) << 4) | (flags & 0x0FU));
}

/// A packet to be sent as it is:
///
///   raw_packet{.first_byte = 0x30, .body = raw_fields().utf8_string("a").byte(0)}.bytes()
struct raw_packet {
  std::uint8_t first_byte = 0;
  raw_fields body{};
  /// Claimed in place of the size of `body`.
  std::optional<std::uint32_t> remaining_length{};
  /// Stands in place of the Remaining Length, for forms that no number has.
  std::optional<byte_buffer> remaining_length_bytes{};

  byte_buffer bytes() const;

  /// A legal packet to start from. The packet must be one that encode() can write.
  static raw_packet of(const packet& any, protocol_version version);
};

}  // namespace gauntlet::mqtt
