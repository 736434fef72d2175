#pragma once

// Loading of a file as a whole: text, tree, model, or every diagnostic.

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>

#include "harness/config/node.hpp"
#include "harness/config/reader.hpp"

namespace gauntlet::config {

/// Loads a model from text; `file` is only for messages.
template <class T>
loaded<T> load_text(std::string_view text, std::string file, const reader<T>& as) {
  diagnostics wrong(std::move(file));
  T model{};
  const node root = parse_yaml(text, wrong);
  if (wrong.empty()) as.read(root, model, wrong);
  if (!wrong.empty()) return {boost::system::in_place_error, wrong.take()};
  return {boost::system::in_place_value, std::move(model)};
}

/// Loads a model from a file.
template <class T>
loaded<T> load_file(const std::filesystem::path& file, const reader<T>& as) {
  diagnostics wrong(file.string());
  std::string text;
  if (!read_text_file(file, parse_limits{}.size_bytes_max, text, wrong)) {
    return {boost::system::in_place_error, wrong.take()};
  }
  return load_text(text, file.string(), as);
}

/// The JSON Schema document (draft 2020-12) of what a reader accepts, for editors.
std::string json_schema_document(std::string_view schema, std::string_view title);

}  // namespace gauntlet::config
