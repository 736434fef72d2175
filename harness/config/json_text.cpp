#include "harness/config/json_text.hpp"

#include <array>

namespace gauntlet::config {
namespace {

/// The end of the string that opens at `at`: one past its closing quote.
std::size_t end_of_string(std::string_view json, std::size_t at) {
  for (++at; at < json.size() && json[at] != '"'; ++at) {
    if (json[at] == '\\') ++at;
  }
  return at + 1;
}

/// The length of the array that opens at `at` if it holds only scalars and is short, else 0.
std::size_t short_array(std::string_view json, std::size_t at) {
  constexpr std::size_t length_max = 80;
  for (std::size_t i = at + 1; i < json.size() && i - at < length_max; ++i) {
    if (json[i] == '"') i = end_of_string(json, i) - 1;
    if (json[i] == '[' || json[i] == '{') return 0;
    if (json[i] == ']') return i - at + 1;
  }
  return 0;
}

}  // namespace

std::string json_quote(std::string_view text) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string quoted = "\"";
  for (const char c : text) {
    const auto code = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      quoted += '\\';
      quoted += c;
    } else if (code < 0x20) {
      quoted += "\\u00";
      quoted += digits[code >> 4U];
      quoted += digits[code & 0xfU];
    } else {
      quoted += c;
    }
  }
  return quoted + '"';
}

std::string json_indent(std::string_view json) {
  std::string out;
  std::size_t depth = 0;
  const auto new_line = [&] { out.append("\n").append(depth * 2, ' '); };
  for (std::size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    if (c == '"') {
      const std::size_t end = end_of_string(json, i);
      out += json.substr(i, end - i);
      i = end - 1;
    } else if (c == '[' && short_array(json, i) != 0) {
      const std::size_t length = short_array(json, i);
      out += json.substr(i, length);
      i += length - 1;
    } else if (c == '{' || c == '[') {
      out += c;
      if (i + 1 < json.size() && (json[i + 1] == '}' || json[i + 1] == ']')) {
        out += json[++i];
        continue;
      }
      ++depth;
      new_line();
    } else if (c == '}' || c == ']') {
      --depth;
      new_line();
      out += c;
    } else if (c == ',') {
      out += c;
      new_line();
    } else if (c == ':') {
      out += ": ";
    } else {
      out += c;
    }
  }
  return out + '\n';
}

}  // namespace gauntlet::config
