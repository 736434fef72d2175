#pragma once

// UTF-8 as RFC 3629 defines it: no overlong forms, no surrogates, nothing above U+10FFFF. What a
// protocol forbids beyond that (U+0000 in MQTT) is that protocol's business.

#include <cstddef>
#include <string>
#include <string_view>

namespace gauntlet {

/// The size in bytes of the well-formed sequence at the front of `text`: 1 to 4, or 0 if there is
/// none. `text` must not be empty.
std::size_t utf8_sequence_size(std::string_view text) noexcept;

/// Whether all of `text` is well-formed.
bool is_utf8(std::string_view text) noexcept;

/// `text` with each byte that is not part of a well-formed sequence replaced by U+FFFD.
std::string to_valid_utf8(std::string_view text);

}  // namespace gauntlet
