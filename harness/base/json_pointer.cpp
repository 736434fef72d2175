#include "harness/base/json_pointer.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>

#include "harness/base/ascii.hpp"

namespace gauntlet {
namespace {

void append_utf8(std::string& out, std::uint32_t code) {
  const auto put = [&out](std::uint32_t byte) { out += static_cast<char>(byte); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xc0 | code >> 6U);
    put(0x80 | (code & 0x3fU));
  } else if (code < 0x10000) {
    put(0xe0 | code >> 12U);
    put(0x80 | (code >> 6U & 0x3fU));
    put(0x80 | (code & 0x3fU));
  } else {
    put(0xf0 | code >> 18U);
    put(0x80 | (code >> 12U & 0x3fU));
    put(0x80 | (code >> 6U & 0x3fU));
    put(0x80 | (code & 0x3fU));
  }
}

/// Reads JSON from the front. Every function answers false at the first thing that is not JSON.
class json_cursor {
 public:
  explicit json_cursor(std::string_view text) : rest_(text) {}

  char peek() {
    skip_space();
    return rest_.empty() ? '\0' : rest_.front();
  }

  bool take(char wanted) {
    if (peek() != wanted || rest_.empty()) return false;
    rest_.remove_prefix(1);
    return true;
  }

  /// A text with its quotes; into `out` if there is one.
  bool take_text(std::string* out) {
    if (!take('"')) return false;
    while (!rest_.empty()) {
      const char c = rest_.front();
      rest_.remove_prefix(1);
      if (c == '"') return true;
      if (static_cast<unsigned char>(c) < 0x20) return false;
      if (c == '\\') {
        if (!take_escape(out)) return false;
      } else if (out != nullptr) {
        *out += c;
      }
    }
    return false;
  }

  std::optional<json_scalar> take_scalar() {
    const char first = peek();
    if (first == '"') {
      std::string text;
      if (!take_text(&text)) return std::nullopt;
      return json_scalar(std::move(text));
    }
    if (first == '-' || is_digit(first)) return take_number();
    if (take_word("null")) return json_scalar();
    if (take_word("true")) return json_scalar(true);
    if (take_word("false")) return json_scalar(false);
    return std::nullopt;
  }

  /// Passes by any value.
  bool skip_value(unsigned depth) {
    const char first = peek();
    if (first == '{' || first == '[') {
      if (depth >= json_depth_max) return false;
      const bool is_object = first == '{';
      const char end = is_object ? '}' : ']';
      rest_.remove_prefix(1);
      if (take(end)) return true;
      do {
        if (is_object && !(take_text(nullptr) && take(':'))) return false;
        if (!skip_value(depth + 1)) return false;
      } while (take(','));
      return take(end);
    }
    return first == '"' ? take_text(nullptr) : take_scalar().has_value();
  }

 private:
  void skip_space() {
    const std::size_t from = rest_.find_first_not_of(" \t\r\n");
    rest_.remove_prefix(from == std::string_view::npos ? rest_.size() : from);
  }

  bool take_word(std::string_view word) {
    if (!rest_.starts_with(word)) return false;
    rest_.remove_prefix(word.size());
    return true;
  }

  bool take_hex4(std::uint32_t& code) {
    if (rest_.size() < 4) return false;
    const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + 4, code, 16);
    if (error != std::errc() || end != rest_.data() + 4) return false;
    rest_.remove_prefix(4);
    return true;
  }

  bool take_escape(std::string* out) {
    if (rest_.empty()) return false;
    const char c = rest_.front();
    rest_.remove_prefix(1);
    std::string unescaped;
    if (c == 'u') {
      std::uint32_t code = 0;
      if (!take_hex4(code)) return false;
      if (code >= 0xd800 && code < 0xdc00) {
        std::uint32_t low = 0;
        if (!take_word("\\u") || !take_hex4(low) || low < 0xdc00 || low > 0xdfff) return false;
        code = 0x10000 + ((code - 0xd800) << 10U) + (low - 0xdc00);
      } else if (code >= 0xdc00 && code < 0xe000) {
        return false;
      }
      append_utf8(unescaped, code);
    } else {
      constexpr std::string_view escapes = "\"\\/bfnrt";
      constexpr std::string_view meanings = "\"\\/\b\f\n\r\t";
      const std::size_t which = escapes.find(c);
      if (which == std::string_view::npos) return false;
      unescaped = meanings[which];
    }
    if (out != nullptr) *out += unescaped;
    return true;
  }

  std::optional<json_scalar> take_number() {
    const std::size_t size = std::min(rest_.find_first_not_of("+-.0123456789eE"), rest_.size());
    const std::string_view text = rest_.substr(0, size);
    const std::string_view digits = text.substr(text.front() == '-' ? 1 : 0);
    if (digits.empty() || !is_digit(digits[0])) return std::nullopt;
    if (digits.size() > 1 && digits[0] == '0' && is_digit(digits[1])) return std::nullopt;
    const char* const begin = text.data();
    const char* const end = begin + text.size();
    std::int64_t whole = 0;
    if (const auto read = std::from_chars(begin, end, whole);
        read.ec == std::errc() && read.ptr == end) {
      rest_.remove_prefix(size);
      return json_scalar(whole);
    }
    double number = 0;
    const auto read = std::from_chars(begin, end, number);
    if (read.ec != std::errc() || read.ptr != end || !std::isfinite(number)) return std::nullopt;
    rest_.remove_prefix(size);
    return json_scalar(number);
  }

  std::string_view rest_;
};

/// One part of a pointer as the name it stands for.
std::string unescaped_part(std::string_view part) {
  std::string name;
  for (std::size_t i = 0; i < part.size(); ++i) {
    if (part[i] == '~') {
      name += part[++i] == '0' ? '~' : '/';
    } else {
      name += part[i];
    }
  }
  return name;
}

bool enter_member(json_cursor& at, const std::string& name) {
  if (!at.take('{')) return false;
  do {
    std::string key;
    if (!at.take_text(&key) || !at.take(':')) return false;
    if (key == name) return true;
    if (!at.skip_value(0)) return false;
  } while (at.take(','));
  return false;
}

bool enter_element(json_cursor& at, const std::string& name) {
  std::uint32_t index = 0;
  const auto read = std::from_chars(name.data(), name.data() + name.size(), index);
  const bool padded = name.size() > 1 && name[0] == '0';
  if (read.ec != std::errc() || read.ptr != name.data() + name.size() || padded) return false;
  if (!at.take('[')) return false;
  for (; index > 0; --index) {
    if (!at.skip_value(0) || !at.take(',')) return false;
  }
  return true;
}

}  // namespace

bool is_json_pointer(std::string_view pointer) {
  if (!pointer.empty() && pointer.front() != '/') return false;
  for (std::size_t i = 0; i < pointer.size(); ++i) {
    if (pointer[i] != '~') continue;
    if (i + 1 == pointer.size() || (pointer[i + 1] != '0' && pointer[i + 1] != '1')) return false;
  }
  return true;
}

std::optional<json_scalar> find_json(std::string_view json, std::string_view pointer) {
  if (!is_json_pointer(pointer)) return std::nullopt;
  json_cursor at(json);
  unsigned depth = 0;
  while (!pointer.empty()) {
    if (++depth > json_depth_max) return std::nullopt;
    pointer.remove_prefix(1);
    const std::size_t end = std::min(pointer.find('/'), pointer.size());
    const std::string name = unescaped_part(pointer.substr(0, end));
    pointer.remove_prefix(end);
    const bool found = at.peek() == '[' ? enter_element(at, name) : enter_member(at, name);
    if (!found) return std::nullopt;
  }
  return at.take_scalar();
}

}  // namespace gauntlet
