#include "reports/terminal.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace gauntlet::reports {
namespace {

using record::verdict;

constexpr std::string_view bold = "\x1b[1m";
constexpr std::string_view reset = "\x1b[0m";

std::string_view colour_of(verdict value) {
  switch (value) {
    case verdict::pass:
      return "\x1b[32m";
    case verdict::fail:
      return "\x1b[31m";
    case verdict::skipped:
      return "\x1b[2m";
    case verdict::warn:
    case verdict::inconclusive:
      break;
  }
  return "\x1b[33m";
}

}  // namespace

std::string in_colour(const text_options& options, record::verdict tone, std::string_view text) {
  if (!options.colour) return std::string(text);
  return fmt::format("{}{}{}", colour_of(tone), text, reset);
}

std::string headline(const text_options& options, record::verdict tone, std::string word) {
  std::transform(word.begin(), word.end(), word.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  return options.colour ? fmt::format("{}{}", bold, in_colour(options, tone, word)) : word;
}

}  // namespace gauntlet::reports
