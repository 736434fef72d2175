#pragma once

// The rules for text on the wire: well-formed UTF-8 without surrogates and without U+0000.
// MQTT 5.0 §1.5.4, MQTT 3.1.1 §1.5.3

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace gauntlet::mqtt {

/// What can be wrong with text.
enum class text_fault : std::uint8_t { none, ill_formed, null_character };

/// The first fault in a text and the byte at which it starts.
struct text_check {
  text_fault fault = text_fault::none;
  std::size_t offset = 0;
};

/// Checks the text byte by byte. Surrogates, overlong forms, values above U+10FFFF and a sequence
/// that the end cuts off are ill-formed.
text_check check_text(std::string_view text) noexcept;

/// True for ASCII without U+0000, which is most text and is found out eight bytes at a time; false
/// says nothing.
bool is_plain_ascii(std::string_view text) noexcept;

/// True for ASCII without U+0000 and without the wildcard characters of topic filters.
bool is_plain_topic_name(std::string_view text) noexcept;

/// The first wildcard character, or npos. A Topic Name has none. MQTT 5.0 §4.7.1
inline std::size_t find_wildcard(std::string_view text) noexcept {
  return text.find_first_of("+#");
}

}  // namespace gauntlet::mqtt
