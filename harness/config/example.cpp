#include "harness/config/example.hpp"

#include <algorithm>
#include <string_view>

namespace gauntlet::config {
namespace {

constexpr std::size_t width = 100;

template <class Visitor>
void for_each_line(std::string_view text, Visitor&& visit) {
  while (!text.empty()) {
    const std::size_t size = std::min(text.find('\n'), text.size());
    visit(text.substr(0, size));
    text.remove_prefix(std::min(size + 1, text.size()));
  }
}

std::string with_prefix(std::string_view lines, std::string_view prefix) {
  std::string all;
  for_each_line(lines, [&](std::string_view line) {
    if (!line.empty()) all.append(prefix).append(line);
    all += '\n';
  });
  return all;
}

std::string comment(std::string_view doc) {
  std::string lines;
  while (!doc.empty()) {
    std::size_t size = doc.size();
    if (size > width - 2) {
      const std::size_t blank = doc.rfind(' ', width - 2);
      if (blank != doc.npos) size = blank;
    }
    lines.append("# ").append(doc.substr(0, size)) += '\n';
    doc.remove_prefix(std::min(size + 1, doc.size()));
  }
  return lines;
}

// JSON is YAML, but words and quantities are nicer without their quotes.
std::string yaml_value(std::string_view json) {
  const auto inner = json.size() > 2 && json.front() == '"' ? json.substr(1, json.size() - 2) : "";
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  const auto is_plain = [&](char c) { return is_letter(c) || (c >= '0' && c <= '9') || c == '_'; };
  const bool is_word = std::all_of(inner.begin(), inner.end(), is_plain) && !inner.empty() &&
                       is_letter(inner.back()) && inner != "true" && inner != "false" &&
                       inner != "null";
  return std::string(is_word ? inner : json);
}

std::string field_example(const field_description& field) {
  const bool is_list = field.example.starts_with('-');
  std::string shown = comment(field.doc);
  if (field.has_default && (field.example.empty() || is_list)) {
    const std::string value = yaml_value(field.default_);
    shown += field.name + ": " + (value.empty() ? (is_list ? "[]" : "") : value) + '\n';
    if (!is_list) return shown;
  }
  std::string own = field.name + ':';
  if (field.example.empty()) {
    own += ' ' + field.sample + '\n';
  } else {
    own += '\n' + with_prefix(field.example, "  ");
  }
  return shown + (is_list || !(field.has_default || field.required) ? with_prefix(own, "#") : own);
}

bool is_commented_line(std::string_view line) {
  const std::size_t mark = line.find_first_not_of(' ');
  if (mark == line.npos || line[mark] != '#') return false;
  const std::string_view rest = line.substr(mark + 1);
  return !rest.empty() && (rest[0] != ' ' || rest.starts_with("  "));
}

// "  limits: []" -> "  limits:"
std::string_view key_of(std::string_view line) { return line.substr(0, line.find(':') + 1); }

}  // namespace

std::string mapping_example(const std::vector<field_description>& fields) {
  std::string all;
  for (const field_description& field : fields) all += field_example(field);
  return all;
}

std::string list_example(const std::string& element) {
  return element.empty() ? std::string() : "-\n" + with_prefix(element, "  ");
}

std::string without_comment_marks(const std::string& example) {
  std::vector<std::string> lines;
  for_each_line(example, [&](std::string_view line) {
    std::string shown(line);
    while (is_commented_line(shown)) shown.erase(shown.find('#'), 1);
    // A list's default gives way to the list that follows.
    const bool is_replaced = !lines.empty() && shown.ends_with(':') &&
                             key_of(lines.back()) == shown && shown.find('#') == shown.npos;
    if (is_replaced) lines.pop_back();
    lines.push_back(std::move(shown));
  });
  std::string all;
  for (const std::string& line : lines) all += line + '\n';
  return all;
}

}  // namespace gauntlet::config
