#pragma once

// Text with named holes, such as "listener {port} 127.0.0.1": how a profile's arguments and
// configuration files get what is only known when the broker starts.

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/result.hpp"

namespace gauntlet::target {

/// What each placeholder stands for, by its name without braces.
using placeholder_values = std::map<std::string, std::string, std::less<>>;

/// A `{name}` found in a text; the offset is that of its opening brace, in bytes.
struct placeholder {
  std::string name;
  std::size_t offset = 0;
};

/// All `{name}` in the text, in order. Names are lower-case letters, digits and underscores that
/// begin with a letter; any other brace is plain text, so that JSON and HOCON pass unharmed.
std::vector<placeholder> find_placeholders(std::string_view text);

/// The text with every placeholder replaced. A name without a value is an error that lists the
/// known names; values are not expanded again.
outcome<std::string> expand_placeholders(std::string_view text, const placeholder_values& values);

}  // namespace gauntlet::target
