#include "harness/config/yaml_text.hpp"

#include <algorithm>
#include <string_view>

#include "harness/config/json_text.hpp"

namespace gauntlet::config {
namespace {

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

/// Whether the text, written without quotes, is one plain scalar of YAML that reads as itself.
bool is_plain(std::string_view text) {
  constexpr std::string_view indicators = "-?:,[]{}#&*!|>'\"%@`~ ";
  if (text.empty() || text == "null" || text == "Null" || text == "NULL") return false;
  if (text.back() == ' ' || text.back() == ':') return false;
  const bool is_number = text.size() > 1 && text[0] == '-' && text[1] >= '0' && text[1] <= '9';
  if (!is_number && indicators.find(text.front()) != std::string_view::npos) return false;
  if (text.find(": ") != std::string_view::npos || text.find(" #") != std::string_view::npos) {
    return false;
  }
  // At the beginning of a file it says how the file is encoded.
  if (text.starts_with("\xef\xbb\xbf")) return false;
  return !text.starts_with("...") && std::none_of(text.begin(), text.end(), is_control);
}

std::string scalar_text(const node& of) {
  if (of.is == node::type::null) return "~";
  return of.quoted || !is_plain(of.scalar) ? json_quote(of.scalar) : of.scalar;
}

std::string key_text(const std::string& key) { return is_plain(key) ? key : json_quote(key); }

bool is_block(const node& any) { return !any.items.empty() || !any.members.empty(); }

std::string inline_text(const node& of) {
  if (of.is == node::type::sequence) return "[]";
  return of.is == node::type::mapping ? "{}" : scalar_text(of);
}

/// Writes a sequence or a mapping that is not empty; the first line is indented already.
void write_block(const node& from, std::size_t indent, std::string& out) {
  const std::string margin(indent, ' ');
  bool first = true;
  const auto begin_line = [&] {
    if (!first) out += margin;
    first = false;
  };
  for (const node& item : from.items) {
    begin_line();
    out += "- ";
    if (is_block(item)) {
      write_block(item, indent + 2, out);
    } else {
      out += inline_text(item) + "\n";
    }
  }
  for (const member& each : from.members) {
    begin_line();
    out += key_text(each.key) + ":";
    if (is_block(each.value)) {
      out += "\n" + std::string(indent + 2, ' ');
      write_block(each.value, indent + 2, out);
    } else {
      out += " " + inline_text(each.value) + "\n";
    }
  }
}

}  // namespace

std::string to_yaml(const node& root) {
  if (!is_block(root)) return inline_text(root) + "\n";
  std::string text;
  write_block(root, 0, text);
  return text;
}

}  // namespace gauntlet::config
