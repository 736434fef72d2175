#include "sim/plan/payload/value.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace gauntlet::sim {
namespace {

constexpr std::array<std::int64_t, 10> powers_of_ten{
    1, 10, 100, 1'000, 10'000, 100'000, 1'000'000, 10'000'000, 100'000'000, 1'000'000'000};

/// The magnitude in units of the last decimal.
std::int64_t scaled(const payload_value& decimal) {
  const double value = std::min(std::abs(decimal.real), 9e9);  // what 64 bits hold
  const auto scale = static_cast<double>(powers_of_ten[decimal.decimals]);
  return std::isnan(value) ? 0 : static_cast<std::int64_t>(value * scale + 0.5);
}

}  // namespace

payload_value payload_value::of(bool value) { return {.is = type::boolean, .truth = value}; }

payload_value payload_value::of(std::int64_t value) {
  return {.is = type::integer, .whole = value};
}

payload_value payload_value::of(double value, std::uint8_t decimals) {
  return {.is = type::decimal, .decimals = decimals, .real = value};
}

payload_value payload_value::of(std::string_view value) {
  return {.is = type::text, .text = value};
}

double rounded(const payload_value& decimal) {
  if (!decimal.text.empty()) return decimal.real;
  const double magnitude =
      static_cast<double>(scaled(decimal)) / static_cast<double>(powers_of_ten[decimal.decimals]);
  return decimal.real < 0 && magnitude != 0 ? -magnitude : magnitude;
}

double as_number(const payload_value& value) {
  switch (value.is) {
    case payload_value::type::boolean:
      return value.truth ? 1 : 0;
    case payload_value::type::integer:
      return static_cast<double>(value.whole);
    case payload_value::type::decimal:
      return value.real;
    case payload_value::type::null:
    case payload_value::type::text:
      break;
  }
  return 0;
}

std::string_view write_number(const payload_value& value, value_digits& into) {
  char* const limit = into.data() + into.size();
  if (value.is == payload_value::type::integer) {
    const char* end = std::to_chars(into.data(), limit, value.whole).ptr;
    return {into.data(), static_cast<std::size_t>(end - into.data())};
  }
  if (!value.text.empty()) return value.text;
  const std::int64_t magnitude = scaled(value);
  const std::int64_t scale = powers_of_ten[value.decimals];
  char* end = into.data();
  if (value.real < 0 && magnitude != 0) *end++ = '-';
  end = std::to_chars(end, limit, magnitude / scale).ptr;
  if (value.decimals > 0) {
    *end++ = '.';
    std::int64_t rest = magnitude % scale;
    for (std::size_t i = value.decimals; i-- > 0; rest /= 10) {
      end[i] = static_cast<char>('0' + rest % 10);
    }
    end += value.decimals;
  }
  return {into.data(), static_cast<std::size_t>(end - into.data())};
}

payload_value parse_literal(std::string_view json) {
  if (json == "null") return {};
  if (json == "true" || json == "false") return payload_value::of(json == "true");
  const char* end = json.data() + json.size();
  std::int64_t whole = 0;
  const auto read = std::from_chars(json.data(), end, whole);
  if (read.ec == std::errc{} && read.ptr == end) return payload_value::of(whole);
  payload_value made{.is = payload_value::type::decimal, .text = json};
  std::from_chars(json.data(), end, made.real);
  return made;
}

}  // namespace gauntlet::sim
