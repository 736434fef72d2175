#pragma once

// Makes a line of the log from a format and its values, so that no value can break it: text goes
// through log_value, whatever the caller writes.

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <type_traits>

#include <fmt/format.h>

#include "harness/broker/log.hpp"

namespace gauntlet::broker {

/// Text on its way into a line.
struct log_text {
  std::string_view text;
};

/// What is formatted in the place of an argument: text by log_value, numbers as they are.
template <class T>
using logged = std::conditional_t<std::is_convertible_v<const T&, std::string_view>, log_text, T>;

/// The format of a line, such as "connect client={} keep-alive={}", checked when compiled. It holds
/// no quotes: values get theirs where they need them.
template <class... Args>
struct log_format {
  template <std::size_t Size>
  consteval log_format(const char (&line)[Size]) : format(line) {  // NOLINT: meant to convert
    for (const char each : line) {
      if (each == '"') throw "no quotes here: log_value sets them";
    }
  }

  fmt::format_string<logged<Args>...> format;
};

}  // namespace gauntlet::broker

/// Writes log_text as log_value says; the placeholder is {}.
template <>
struct fmt::formatter<gauntlet::broker::log_text> {
  constexpr auto parse(fmt::format_parse_context& context) { return context.begin(); }
  auto format(const gauntlet::broker::log_text& value, fmt::format_context& context) const {
    const std::string shown = gauntlet::broker::log_value(value.text);
    return std::copy(shown.begin(), shown.end(), context.out());
  }
};
