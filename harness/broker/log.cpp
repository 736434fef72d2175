#include "harness/broker/log.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "harness/base/utf8.hpp"

namespace gauntlet::broker {
namespace {

bool is_bare(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("-_.:/+#$@%*,()[]{}!?&;~^|<>").find(c) != std::string_view::npos;
}

// Characters beyond ASCII that move, hide or reorder what stands around them: C1 controls, marks of
// direction, separators of lines, the byte order mark.
bool is_deceptive(std::string_view sequence) {
  const auto last = static_cast<unsigned char>(sequence.back());
  if (sequence.size() == 2) return sequence[0] == '\xc2' && last < 0xa0;
  if (sequence.size() != 3) return false;
  if (sequence == "\xef\xbb\xbf") return true;
  if (sequence.starts_with("\xe2\x80")) {  // U+200B to 200F, U+2028 to 202E
    return (last >= 0x8b && last <= 0x8f) || (last >= 0xa8 && last <= 0xae);
  }
  return sequence.starts_with("\xe2\x81") && last >= 0xa0 && last <= 0xaf;  // U+2060 to 206F
}

void append_escaped(std::string& to, std::string_view bytes) {
  for (const char each : bytes) {
    switch (each) {
      case '"':
        to += "\\\"";
        break;
      case '\\':
        to += "\\\\";
        break;
      case '\n':
        to += "\\n";
        break;
      case '\r':
        to += "\\r";
        break;
      case '\t':
        to += "\\t";
        break;
      default:
        to += fmt::format("\\x{:02X}", static_cast<unsigned char>(each));
    }
  }
}

void append_quoted(std::string& to, std::string_view text) {
  while (!text.empty()) {
    const std::size_t size = utf8_sequence_size(text);
    const std::string_view next = text.substr(0, std::max<std::size_t>(size, 1));
    const auto first = static_cast<unsigned char>(next[0]);
    const bool control = first < 0x20 || first == 0x7f;
    if (size == 0 || control || next == "\"" || next == "\\" || is_deceptive(next)) {
      append_escaped(to, next);
    } else {
      to += next;
    }
    text.remove_prefix(next.size());
  }
}

}  // namespace

std::string_view to_string(log_level level) {
  constexpr std::array<std::string_view, 5> names = {"none", "error", "warning", "info", "debug"};
  return names[static_cast<std::size_t>(level)];
}

std::string log_value(std::string_view text) {
  const std::string_view shown = text.substr(0, log_value_bytes_max);
  const bool is_cut = shown.size() < text.size();
  if (!text.empty() && !is_cut && std::all_of(text.begin(), text.end(), is_bare)) {
    return std::string(text);
  }
  std::string quoted = "\"";
  append_quoted(quoted, shown);
  if (is_cut) quoted += fmt::format("... {} bytes", text.size());
  return quoted + '"';
}

}  // namespace gauntlet::broker
