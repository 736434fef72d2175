#pragma once

// The files that the tidy rules look at, and what a rule answers. Rules are plain functions over
// paths and texts, so that each can be shown good and bad examples.

#include <cstddef>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace gauntlet::tidy {

/// One file of the project.
struct source_file {
  std::string path;  ///< from the root of the tree, with slashes
  std::string text;
  bool executable = false;
};

/// One breach of a rule.
struct finding {
  std::string path;
  std::size_t line = 0;  ///< from 1; 0 means the file as a whole
  std::string message;   ///< what is wrong, and what to do instead
};
using findings = std::vector<finding>;

/// "path:line: message", as compilers print it.
void PrintTo(const finding& found, std::ostream* out);

/// Every text file below the root but build trees, results and what begins with a dot (.ci and the
/// dotted files of the root are looked at).
std::vector<source_file> read_source_tree();

/// The lines of a text, without their ends.
std::vector<std::string_view> lines_of(std::string_view text);

/// "harness/mqtt" for "harness/mqtt/codec.hpp", "sim" for "sim/device/x.cpp": the unit of which the
/// dependency direction speaks. "tests" holds all tests; files of the root have an empty folder.
std::string_view folder_of(std::string_view path);

bool is_header(std::string_view path);
bool is_cpp(std::string_view path);  ///< headers included

}  // namespace gauntlet::tidy
