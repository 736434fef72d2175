#pragma once

// A parsed YAML file as a plain tree with places. The dialect is strict: UTF-8, one document, text
// keys, each key once, no anchors, aliases, merge keys or tags (a reader of the file would have to
// resolve them in his head), and limits on size, depth and number of nodes.

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "harness/config/diagnostic.hpp"

namespace gauntlet::config {

struct member;

/// One value of the file.
struct node {
  enum class type : std::uint8_t { null, scalar, sequence, mapping };

  type is = type::null;
  bool quoted = false;      ///< a scalar in quotes or a block scalar: text, whatever it looks like
  place at;                 ///< where the value begins
  std::string path;         ///< as in "fleet[0].topic"; empty for the root
  std::string scalar;       ///< the text of a scalar
  std::vector<node> items;  ///< of a sequence
  std::vector<member> members;  ///< of a mapping, in file order, keys unique

  /// The value under a key of a mapping, or nullptr.
  const node* find(std::string_view key) const;
  /// What a message calls it: "a list", "a mapping", "nothing", "'abc'".
  std::string describe() const;
};

/// One key of a mapping with its value.
struct member {
  std::string key;
  place key_at;
  node value;
};

/// Limits that no honest file reaches.
struct parse_limits {
  std::size_t size_bytes_max = 4U << 20U;
  std::size_t depth_max = 32;
  std::size_t nodes_max = 200'000;
};

/// Parses a file's text. A broken file yields diagnostics and a null root. `file` is its number in
/// places.
node parse_yaml(std::string_view text, diagnostics& wrong, const parse_limits& limits = {},
                std::uint32_t file = 0);

/// The whole of a regular file, at most `size_bytes_max` long; or nothing and a diagnostic about
/// the file of this number.
bool read_text_file(const std::filesystem::path& file, std::size_t size_bytes_max,
                    std::string& text, diagnostics& wrong, std::uint32_t number = 0);

}  // namespace gauntlet::config
