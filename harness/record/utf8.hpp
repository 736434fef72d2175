#pragma once

// UTF-8 for text that came from outside and has to stand in JSON, XML or HTML.

#include <string>
#include <string_view>

namespace gauntlet::record {

/// `text` with each byte that is not part of well-formed UTF-8 replaced by U+FFFD. Surrogates and
/// overlong forms are not well-formed (Unicode table 3-7).
std::string to_valid_utf8(std::string_view text);

}  // namespace gauntlet::record
