#pragma once

// Text from outside, made harmless for the place where it goes.

#include <string>
#include <string_view>

namespace gauntlet::reports {

/// For text in XML, and attributes in double quotes. Characters that XML cannot hold become U+FFFD.
std::string xml_escaped(std::string_view text);

/// Plain words in a cell of a Markdown table: whatever Markdown or GitHub would act on is written
/// as an entity.
std::string markdown_escaped(std::string_view text);

/// A Markdown block of lines in a language, behind a fence longer than any run of back-ticks
/// inside.
std::string markdown_code_block(std::string_view text, std::string_view language = "sh");

/// For a terminal: control characters become blanks.
std::string printable(std::string_view text);

/// JSON that may stand inside a script element of HTML: without `<`, nothing in it can end the
/// element or begin a comment.
std::string inside_script(std::string_view json);

}  // namespace gauntlet::reports
