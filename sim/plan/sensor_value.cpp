#include "sim/plan/sensor_value.hpp"

#include <array>
#include <cmath>

namespace gauntlet::sim {

sensor_value sensor_value::of(const literal_value& literal) {
  switch (literal.index()) {
    case 1:
      return of(*std::get_if<bool>(&literal));
    case 2:
      return of(*std::get_if<std::int64_t>(&literal));
    case 3: {
      const auto& number = *std::get_if<decimal_number>(&literal);
      return of(number.value, number.decimals);
    }
    case 4:
      return of(std::string_view(*std::get_if<std::string>(&literal)));
    default:
      return {};
  }
}

double sensor_value::number() const {
  static constexpr std::array<double, 10> powers{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9};
  switch (is) {
    case type::boolean:
      return truth ? 1 : 0;
    case type::integer:
    case type::iso8601:
      return static_cast<double>(integer);
    case type::real: {
      // Halves away from zero, as in payloads. Beyond 2^53 there are no decimals to round.
      const double scaled = real * powers[decimals];
      return std::abs(scaled) < 9e15 ? std::round(scaled) / powers[decimals] : real;
    }
    default:
      return 0;
  }
}

}  // namespace gauntlet::sim
