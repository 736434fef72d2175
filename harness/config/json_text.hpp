#pragma once

// The little JSON writing that schemas need. Results are written by harness/record, not here.

#include <string>
#include <string_view>

namespace gauntlet::config {

/// The text as a JSON string, with quotes and escapes.
std::string json_quote(std::string_view text);

/// JSON text laid out for people: two spaces a level, short arrays on one line.
std::string json_indent(std::string_view json);

}  // namespace gauntlet::config
