#include "harness/mqtt/raw_packet.hpp"

#include <algorithm>

#include "harness/base/assert.hpp"
#include "harness/mqtt/codec.hpp"
#include "harness/mqtt/fixed_header.hpp"

namespace gauntlet::mqtt {

raw_fields& raw_fields::byte(std::uint8_t value) {
  bytes_.push_back(value);
  return *this;
}

raw_fields& raw_fields::two_byte_integer(std::uint16_t value) {
  return byte(static_cast<std::uint8_t>(value >> 8)).byte(static_cast<std::uint8_t>(value));
}

raw_fields& raw_fields::four_byte_integer(std::uint32_t value) {
  return two_byte_integer(static_cast<std::uint16_t>(value >> 16))
      .two_byte_integer(static_cast<std::uint16_t>(value));
}

raw_fields& raw_fields::variable_byte_integer(std::uint32_t value, std::size_t width) {
  for (std::size_t written = 1; value >= 0x80 || written < width; ++written) {
    byte(static_cast<std::uint8_t>(value | 0x80U));
    value >>= 7;
  }
  return byte(static_cast<std::uint8_t>(value));
}

raw_fields& raw_fields::utf8_string(std::string_view text, std::optional<std::uint16_t> length) {
  return binary_data(as_bytes(text), length);
}

raw_fields& raw_fields::binary_data(byte_view data, std::optional<std::uint16_t> length) {
  return two_byte_integer(length.value_or(static_cast<std::uint16_t>(data.size()))).append(data);
}

raw_fields& raw_fields::append(byte_view bytes) {
  bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
  return *this;
}

raw_fields& raw_fields::property(const mqtt::property& item) {
  const auto encoded = encode_properties({item}, bytes_);
  GAUNTLET_ASSERT(encoded.has_value());
  return *this;
}

raw_fields& raw_fields::properties(const raw_fields& fields, std::optional<std::uint32_t> length) {
  return variable_byte_integer(length.value_or(static_cast<std::uint32_t>(fields.size())))
      .append(fields);
}

raw_fields& raw_fields::properties(const property_list& items,
                                   std::optional<std::uint32_t> length) {
  raw_fields fields;
  for (const mqtt::property& item : items) fields.property(item);
  return properties(fields, length);
}

raw_fields& raw_fields::set(std::size_t offset, std::uint8_t value) {
  GAUNTLET_ASSERT(offset < bytes_.size());
  bytes_[offset] = value;
  return *this;
}

raw_fields& raw_fields::insert(std::size_t offset, byte_view bytes) {
  GAUNTLET_ASSERT(offset <= bytes_.size());
  bytes_.insert(bytes_.begin() + static_cast<std::ptrdiff_t>(offset), bytes.begin(), bytes.end());
  return *this;
}

raw_fields& raw_fields::erase(std::size_t offset, std::size_t count) {
  GAUNTLET_ASSERT(offset <= bytes_.size() && count <= bytes_.size() - offset);
  const auto from = bytes_.begin() + static_cast<std::ptrdiff_t>(offset);
  bytes_.erase(from, from + static_cast<std::ptrdiff_t>(count));
  return *this;
}

raw_fields& raw_fields::truncate(std::size_t size) {
  bytes_.resize(std::min(size, bytes_.size()));
  return *this;
}

byte_buffer raw_packet::bytes() const {
  raw_fields all;
  all.byte(first_byte);
  if (remaining_length_bytes) {
    all.append(*remaining_length_bytes);
  } else {
    all.variable_byte_integer(remaining_length.value_or(static_cast<std::uint32_t>(body.size())));
  }
  return all.append(body).bytes();
}

raw_packet raw_packet::of(const packet& any, protocol_version version) {
  byte_buffer encoded;
  const auto written = encode(any, version, encoded);
  GAUNTLET_ASSERT(written.has_value());
  const byte_view all = encoded;
  const auto length = read_remaining_length(all.subspan(1));
  return {.first_byte = all[0], .body = raw_fields(all.subspan(1U + length.size))};
}

}  // namespace gauntlet::mqtt
