#pragma once

// A value that one message carries, whatever format it is then written in.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace gauntlet::sim {

/// One value. Texts are views, valid as long as what made them says.
struct payload_value {
  enum class type : std::uint8_t { null, boolean, integer, decimal, text };
  type is = type::null;
  bool truth = false;
  std::uint8_t decimals = 0;  ///< of a decimal: digits after the point
  std::int64_t whole = 0;
  double real = 0;        ///< of a decimal
  std::string_view text;  ///< of a text; of a decimal how the user wrote it, or empty

  static payload_value of(bool value);
  static payload_value of(std::int64_t value);
  static payload_value of(double value, std::uint8_t decimals);
  static payload_value of(std::string_view value);
};

/// Room for the digits of a text that is made for one message.
using value_digits = std::array<char, 32>;

/// The decimal rounded to its decimals, halves away from zero, within ±9e9: the number that all
/// formats carry.
double rounded(const payload_value& decimal);

/// The number that a value is: 0 and 1 of booleans, 0 of what is no number.
double as_number(const payload_value& value);

/// Writes a whole number or a decimal as text; answers what it wrote.
std::string_view write_number(const payload_value& value, value_digits& into);

/// A JSON literal (a number, true, false or null) as a value, which views the literal.
payload_value parse_literal(std::string_view json);

}  // namespace gauntlet::sim
