#pragma once

// Rules over the text of one file, line by line.

#include <string_view>

#include "tests/tidy/source_tree.hpp"

namespace gauntlet::tidy {

/// Words that our code does not use, each with what to use instead. The rules' own files are
/// exempt.
findings check_banned_words(std::string_view path, std::string_view text);

/// A header begins with #pragma once and then says what it is.
findings check_header_form(std::string_view path, std::string_view text);

/// No folder of somebody's machine in any file.
findings check_machine_paths(std::string_view path, std::string_view text);

/// Executable is what begins with #!, and nothing else.
findings check_file_mode(const source_file& file);

}  // namespace gauntlet::tidy
