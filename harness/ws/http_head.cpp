#include "harness/ws/http_head.hpp"

#include <algorithm>

namespace gauntlet::ws {
namespace {

constexpr std::string_view line_end = "\r\n";
constexpr std::string_view blank_line = "\r\n\r\n";

char to_lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::string_view trim(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

}  // namespace

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, {}, to_lower, to_lower);
}

std::vector<std::string_view> split_list(std::string_view list) {
  std::vector<std::string_view> elements;
  while (!list.empty()) {
    const std::size_t comma = std::min(list.find(','), list.size());
    const std::string_view element = trim(list.substr(0, comma));
    if (!element.empty()) elements.push_back(element);
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
  return elements;
}

head_collector::progress head_collector::take(byte_view& input) {
  const std::size_t before = text_.size();
  const std::size_t room = head_bytes_max - before;
  text_.append(as_text(input.first(std::min(input.size(), room))));
  // The blank line may have begun in the bytes before.
  const std::size_t search_from = before - std::min(before, blank_line.size() - 1);
  const std::size_t end = text_.find(blank_line, search_from);
  if (end != std::string::npos) text_.resize(end + blank_line.size());
  input = input.subspan(text_.size() - before);
  if (end != std::string::npos) return progress::complete;
  return text_.size() == head_bytes_max ? progress::too_long : progress::incomplete;
}

std::optional<http_head> parse_head(std::string_view text) {
  http_head head;
  head.start_line = text.substr(0, text.find(line_end));
  text.remove_prefix(std::min(head.start_line.size() + line_end.size(), text.size()));
  while (!text.empty() && !text.starts_with(line_end)) {
    const std::string_view line = text.substr(0, text.find(line_end));
    const std::size_t colon = line.find(':');
    if (colon == 0 || colon == std::string_view::npos) return std::nullopt;
    head.fields.emplace_back(line.substr(0, colon), trim(line.substr(colon + 1)));
    text.remove_prefix(std::min(line.size() + line_end.size(), text.size()));
  }
  return head;
}

std::optional<std::string> http_head::find(std::string_view name) const {
  std::optional<std::string> found;
  for (const auto& [field, value] : fields) {
    if (!equal_ignoring_case(field, name)) continue;
    if (found)
      *found += ", ";
    else
      found.emplace();
    *found += value;
  }
  return found;
}

bool http_head::lists(std::string_view name, std::string_view token) const {
  const std::string list = find(name).value_or("");
  return std::ranges::any_of(split_list(list), [token](std::string_view element) {
    return equal_ignoring_case(element, token);
  });
}

}  // namespace gauntlet::ws
