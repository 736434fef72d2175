#include "harness/record/wall_time.hpp"

#include <array>
#include <cstdio>

namespace gauntlet::record {
namespace {

constexpr std::string_view form = "dddd-dd-ddTdd:dd:dd.dddZ";

bool has_form(std::string_view text) {
  if (text.size() != form.size()) return false;
  for (std::size_t i = 0; i < form.size(); ++i) {
    const auto is_digit = text[i] >= '0' && text[i] <= '9';
    if (form[i] == 'd' ? !is_digit : text[i] != form[i]) return false;
  }
  return true;
}

int number_at(std::string_view text, std::size_t place, std::size_t digits) {
  int number = 0;
  for (const char digit : text.substr(place, digits)) number = number * 10 + (digit - '0');
  return number;
}

}  // namespace

std::string to_iso8601(wall_time time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  std::array<char, 64> text{};
  const auto length = std::snprintf(
      text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ",
      static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
      static_cast<unsigned>(date.day()), static_cast<int>(clock.hours().count()),
      static_cast<int>(clock.minutes().count()), static_cast<int>(clock.seconds().count()),
      static_cast<int>(clock.subseconds().count()));
  return {text.data(), static_cast<std::size_t>(length)};
}

std::optional<wall_time> from_iso8601(std::string_view text) {
  if (!has_form(text)) return std::nullopt;
  const std::chrono::year_month_day date(
      std::chrono::year(number_at(text, 0, 4)),
      std::chrono::month(static_cast<unsigned>(number_at(text, 5, 2))),
      std::chrono::day(static_cast<unsigned>(number_at(text, 8, 2))));
  if (!date.ok()) return std::nullopt;
  const auto time = std::chrono::sys_days(date) + std::chrono::hours(number_at(text, 11, 2)) +
                    std::chrono::minutes(number_at(text, 14, 2)) +
                    std::chrono::seconds(number_at(text, 17, 2)) +
                    std::chrono::milliseconds(number_at(text, 20, 3));
  if (to_iso8601(time) != text) return std::nullopt;
  return time;
}

}  // namespace gauntlet::record
