#include "harness/target/placeholders.hpp"

#include <algorithm>

namespace gauntlet::target {
namespace {

bool is_name_start(char c) { return c >= 'a' && c <= 'z'; }
bool is_name_part(char c) { return is_name_start(c) || (c >= '0' && c <= '9') || c == '_'; }

std::string known_names(const placeholder_values& values) {
  std::string names;
  for (const auto& [name, value] : values) {
    names += (names.empty() ? "{" : ", {") + name + "}";
  }
  return names;
}

}  // namespace

std::vector<placeholder> find_placeholders(std::string_view text) {
  std::vector<placeholder> found;
  for (std::size_t open = text.find('{'); open != text.npos; open = text.find('{', open + 1)) {
    const std::string_view rest = text.substr(open + 1);
    if (rest.empty() || !is_name_start(rest.front())) continue;
    const auto end = std::find_if_not(rest.begin(), rest.end(), is_name_part);
    if (end != rest.end() && *end == '}') {
      found.push_back({std::string(rest.begin(), end), open});
    }
  }
  return found;
}

outcome<std::string> expand_placeholders(std::string_view text, const placeholder_values& values) {
  std::string expanded;
  std::size_t copied = 0;
  for (const placeholder& hole : find_placeholders(text)) {
    const auto value = values.find(hole.name);
    if (value == values.end()) {
      return bad_input("unknown placeholder {" + hole.name + "}; known are " + known_names(values));
    }
    expanded += text.substr(copied, hole.offset - copied);
    expanded += value->second;
    copied = hole.offset + hole.name.size() + 2;
  }
  expanded += text.substr(copied);
  return expanded;
}

}  // namespace gauntlet::target
