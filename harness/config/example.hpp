#pragma once

// An example file that shows every key of a mapping with its documentation and its default, made
// from the same table as the reader, so that it cannot fall behind. What has no default stands in
// it as a comment; a comment that could be a line of the file has no blank after its #, or several.

#include <string>
#include <vector>

namespace gauntlet::config {

/// What a field is called, and what a user reads about it.
struct field_description {
  std::string name;
  bool required = false;
  bool has_default = false;
  std::string schema;    ///< of its value
  std::string default_;  ///< as JSON text; empty when it has none, or none that fits a line
  std::string doc;       ///< one sentence
  std::string example;   ///< of a mapping or list, see reader
  std::string sample;    ///< a value to show where there is no default
};

/// The example of a mapping with these fields.
std::string mapping_example(const std::vector<field_description>& fields);

/// The example of a list of mappings that look like this; empty for a list of anything else.
std::string list_example(const std::string& element);

/// The example with everything in it that stands there only as a comment.
std::string without_comment_marks(const std::string& example);

}  // namespace gauntlet::config
