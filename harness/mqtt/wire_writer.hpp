#pragma once

// Appends the fields of one packet to a caller's buffer. The first value that has no representation
// sticks; finish() then takes back what was appended.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "harness/base/bytes.hpp"
#include "harness/mqtt/codec.hpp"
#include "harness/mqtt/codec_error.hpp"
#include "harness/mqtt/protocol.hpp"

namespace gauntlet::mqtt {

/// Why something has no representation, and the section of each version with the limit.
struct limit {
  std::string_view says;
  std::string_view v5;
  std::string_view v3_1_1;
};

namespace limits {

inline constexpr limit field_size = {"must not be longer than 65535 bytes", "1.5.4", "1.5.3"};
inline constexpr limit packet_size = {"must not be longer than 268435455 bytes", "2.1.4", "2.2.3"};
inline constexpr limit variable_byte_integer = {"must not be above 268435455", "1.5.5", "2.2.3"};
inline constexpr limit bits = {"does not fit into its bits", "1.5.1", "1.5.1"};
inline constexpr limit property_type = {"value is not of the property's data type", "2.2.2.2", ""};
inline constexpr limit return_code = {"no return code of 3.1.1 corresponds to it", "", "3.2.2.3"};
inline constexpr limit not_in_3_1_1 = {"cannot be expressed in MQTT 3.1.1", "", "2"};

}  // namespace limits

class wire_writer {
 public:
  wire_writer(byte_buffer& out, protocol_version version) noexcept
      : out_(out), start_(out.size()), version_(version) {}

  protocol_version version() const noexcept { return version_; }
  bool is_v5() const noexcept { return version_ == protocol_version::v5; }

  void byte(std::uint8_t value) { out_.push_back(value); }
  void two_byte_integer(std::uint16_t value);
  void four_byte_integer(std::uint32_t value);
  void variable_byte_integer(std::uint32_t value, std::string_view field);
  void utf8_string(std::string_view text, std::string_view field) {
    binary_data(as_bytes(text), field);
  }
  void binary_data(byte_view data, std::string_view field);
  void append(byte_view bytes) { out_.insert(out_.end(), bytes.begin(), bytes.end()); }

  /// Begins what a length comes before; answers a mark for close_length().
  std::size_t open_length();
  /// Writes the size of all that came since the mark as a Variable Byte Integer in front of it.
  void close_length(std::size_t mark, std::string_view field);

  /// Records that `field` has no representation, unless something is recorded already.
  void refuse(const limit& broken, std::string_view field) noexcept;
  /// Refuses `field` in 3.1.1 unless it is absent.
  void need_v5(bool absent, std::string_view field) noexcept {
    if (!absent && !is_v5()) refuse(limits::not_in_3_1_1, field);
  }

  /// What came of it all; on error the buffer is as it was.
  encode_result finish();

 private:
  byte_buffer& out_;
  std::size_t start_;
  protocol_version version_;
  std::optional<encode_error> error_;
};

/// The bytes that a Variable Byte Integer takes.
constexpr std::size_t variable_byte_integer_size(std::size_t value) noexcept {
  return value < 0x80 ? 1 : value < 0x4000 ? 2 : value < 0x20'0000 ? 3 : 4;
}

/// Writes the shortest form of `value` to `to` and answers where it ends.
inline std::uint8_t* put_variable_byte_integer(std::uint8_t* to, std::size_t value) noexcept {
  while (value >= 0x80) {
    *to++ = static_cast<std::uint8_t>((value & 0x7FU) | 0x80U);
    value >>= 7;
  }
  *to++ = static_cast<std::uint8_t>(value);
  return to;
}

}  // namespace gauntlet::mqtt
