#pragma once

// Reads the fields of one packet in order. The first broken rule sticks: from then on every read
// answers zero or nothing, so that a decoder reads on in a straight line and asks once at the end.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "harness/base/bytes.hpp"
#include "harness/mqtt/codec_error.hpp"
#include "harness/mqtt/protocol.hpp"
#include "harness/mqtt/rules.hpp"
#include "harness/mqtt/utf8.hpp"

namespace gauntlet::mqtt {

/// A cursor over a packet. `field` names what is read, for the error; it must be static text.
class wire_reader {
 public:
  wire_reader(byte_view whole_packet, std::size_t offset, protocol_version version) noexcept
      : packet_(whole_packet), at_(offset), end_(whole_packet.size()), version_(version) {}

  protocol_version version() const noexcept { return version_; }
  void set_version(protocol_version version) noexcept { version_ = version; }
  bool is_v5() const noexcept { return version_ == protocol_version::v5; }

  /// Offset of the next byte in the packet.
  std::size_t offset() const noexcept { return at_; }
  std::size_t left() const noexcept { return end_ - at_; }
  bool ok() const noexcept { return !error_.has_value(); }
  /// True while there is something left to read and nothing went wrong.
  bool more() const noexcept { return at_ < end_ && ok(); }
  const decode_error& error() const noexcept { return *error_; }

  std::uint8_t byte(std::string_view field) noexcept {
    if (!has(1, field)) return 0;
    return packet_[at_++];
  }

  std::uint16_t two_byte_integer(std::string_view field) noexcept {
    if (!has(2, field)) return 0;
    const auto value = static_cast<std::uint16_t>((packet_[at_] << 8) | packet_[at_ + 1]);
    at_ += 2;
    return value;
  }

  std::uint32_t four_byte_integer(std::string_view field) noexcept {
    if (!has(4, field)) return 0;
    std::uint32_t value = 0;
    for (int i = 0; i < 4; ++i) value = (value << 8) | packet_[at_++];
    return value;
  }

  /// Up to four bytes, in the shortest form.
  std::uint32_t variable_byte_integer(std::string_view field) noexcept {
    if (more() && packet_[at_] < 0x80) return packet_[at_++];
    return long_variable_byte_integer(field);
  }

  /// Text that obeys the rules for strings.
  std::string_view utf8_string(std::string_view field) noexcept {
    const std::size_t start = at_;
    const std::string_view text = as_text(binary_data(field));
    if (!is_plain_ascii(text)) check(text, start + 2, field);
    return text;
  }

  /// Text that obeys the rules for strings and holds no wildcard characters; may be empty.
  std::string_view topic_name(std::string_view field, const rule& no_wildcard) noexcept {
    const std::size_t start = at_;
    const std::string_view text = as_text(binary_data(field));
    if (!is_plain_topic_name(text)) check_topic_name(text, start + 2, field, no_wildcard);
    return text;
  }

  /// Two bytes of length and that many bytes; what a string is before its text is checked.
  byte_view binary_data(std::string_view field) noexcept {
    const std::size_t start = at_;
    const std::size_t size = two_byte_integer(field);
    if (size > end_ - at_) {
      fail(*past_end_, start, field);
      return {};
    }
    const byte_view data = packet_.subspan(at_, size);
    at_ += size;
    return data;
  }

  /// All that is left.
  byte_view rest() noexcept {
    const byte_view data = packet_.subspan(at_, end_ - at_);
    at_ = end_;
    return data;
  }

  /// Passes over bytes that the caller has made sure of.
  void skip(std::size_t size) noexcept { at_ += size; }

  /// The next `size` bytes, which stay to be read; the caller has made sure of them.
  byte_view peek(std::size_t size) const noexcept { return packet_.subspan(at_, size); }

  /// A Packet Identifier, which is never 0.
  std::uint16_t packet_identifier(const rule& not_zero = rules::identifier_not_zero) noexcept {
    const std::uint16_t value = two_byte_integer("Packet Identifier");
    if (value == 0 && ok()) fail(not_zero, at_ - 2, "Packet Identifier");
    return value;
  }

  /// Nothing may be left.
  void finish(std::string_view packet_name) noexcept {
    if (more()) fail(rules::fields_fill, at_, packet_name);
  }

  /// Records a broken rule, unless one is recorded already.
  void fail(const rule& broken, std::size_t offset, std::string_view subject) noexcept;

  /// Lets the fields end at `end` until leave() is called with what this answers.
  std::size_t enter(std::size_t end, const rule& past_end) noexcept {
    const std::size_t outer = end_;
    end_ = end;
    past_end_ = &past_end;
    return outer;
  }
  void leave(std::size_t outer) noexcept {
    if (!ok()) return;
    end_ = outer;
    past_end_ = &rules::fields_fit;
  }

 private:
  bool has(std::size_t size, std::string_view field) noexcept {
    if (size <= end_ - at_) return true;
    fail(*past_end_, at_, field);
    return false;
  }

  std::uint32_t long_variable_byte_integer(std::string_view field) noexcept;
  void check(std::string_view text, std::size_t offset, std::string_view field) noexcept;
  void check_topic_name(std::string_view text, std::size_t offset, std::string_view field,
                        const rule& no_wildcard) noexcept;

  byte_view packet_;
  std::size_t at_;
  std::size_t end_;
  const rule* past_end_ = &rules::fields_fit;
  protocol_version version_;
  std::optional<decode_error> error_;
};

}  // namespace gauntlet::mqtt
