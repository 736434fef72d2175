#include "harness/auth/scram_message.hpp"

#include <algorithm>

#include "harness/base/base64.hpp"

namespace gauntlet::auth {
namespace {

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

}  // namespace

bool attribute_reader::next_is(char name) const {
  return more_ && rest_.size() >= 2 && rest_[0] == name && rest_[1] == '=';
}

std::optional<std::string_view> attribute_reader::take(char name) {
  if (!next_is(name)) return std::nullopt;
  const std::size_t end = std::min(rest_.find(','), rest_.size());
  const std::string_view value = rest_.substr(2, end - 2);
  more_ = end < rest_.size();
  rest_.remove_prefix(more_ ? end + 1 : end);
  return value;
}

bool attribute_reader::only_extensions_left() {
  while (more_) {
    if (rest_.empty() || !is_letter(rest_[0])) return false;
    const auto value = take(rest_[0]);
    if (!value || value->empty()) return false;
  }
  return true;
}

std::string encode_name(std::string_view name) {
  std::string text;
  for (const char c : name) {
    if (c == ',') {
      text += "=2C";
    } else if (c == '=') {
      text += "=3D";
    } else {
      text += c;
    }
  }
  return text;
}

std::optional<std::string> decode_name(std::string_view text) {
  std::string name;
  while (!text.empty()) {
    if (text[0] != '=') {
      name += text[0];
      text.remove_prefix(1);
      continue;
    }
    const std::string_view code = text.substr(0, 3);
    if (code != "=2C" && code != "=3D") return std::nullopt;
    name += code == "=2C" ? ',' : '=';
    text.remove_prefix(3);
  }
  if (name.empty()) return std::nullopt;
  return name;
}

bool is_nonce(std::string_view text) {
  return !text.empty() &&
         std::ranges::all_of(text, [](char c) { return c > ' ' && c <= '~' && c != ','; });
}

std::optional<digest> decode_digest(std::string_view text) {
  const auto bytes = from_base64(text);
  digest decoded{};
  if (!bytes || bytes->size() != decoded.size()) return std::nullopt;
  std::ranges::copy(*bytes, decoded.begin());
  return decoded;
}

digest exclusive_or(const digest& a, const digest& b) {
  digest made{};
  for (std::size_t i = 0; i < made.size(); ++i) made[i] = static_cast<std::uint8_t>(a[i] ^ b[i]);
  return made;
}

}  // namespace gauntlet::auth
