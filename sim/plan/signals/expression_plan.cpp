#include "sim/plan/signals/expression_plan.hpp"

#include <algorithm>
#include <cmath>

#include "harness/base/assert.hpp"
#include "sim/plan/sensor_plan.hpp"

namespace gauntlet::sim {
namespace {

using operation = expression::operation;

bool truth_of(const sensor_value& value) {
  switch (value.is) {
    case sensor_value::type::null:
      return false;
    case sensor_value::type::text:
      return !value.text.empty();
    case sensor_value::type::boolean:
      return value.truth;
    default:
      return value.number() != 0;
  }
}

/// The number in full: what an operation made is not rounded before the next one uses it.
double operand(const sensor_value& value) {
  return value.is == sensor_value::type::real ? value.real : value.number();
}

bool equal(const sensor_value& a, const sensor_value& b) {
  using type = sensor_value::type;
  const auto is_special = [](type is) { return is == type::text || is == type::null; };
  if (is_special(a.is) || is_special(b.is)) return a.is == b.is && a.text == b.text;
  return operand(a) == operand(b);
}

double modulo(double a, double b) {
  const double rest = std::fmod(a, b);  // of the sign of b, so that an angle stays in its circle
  return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest;
}

double sign(double of) { return of > 0 ? 1 : of < 0 ? -1 : 0; }

double of_one(operation does, double a) {
  switch (does) {
    case operation::negate:
      return -a;
    case operation::abs:
      return std::abs(a);
    case operation::ceil:
      return std::ceil(a);
    case operation::cos:
      return std::cos(a);
    case operation::exp:
      return std::exp(a);
    case operation::floor:
      return std::floor(a);
    case operation::log:
      return std::log(a);
    case operation::round:
      return std::round(a);
    case operation::sign:
      return sign(a);
    case operation::sin:
      return std::sin(a);
    default:
      return std::sqrt(a);
  }
}

double of_two(operation does, double a, double b) {
  switch (does) {
    case operation::add:
      return a + b;
    case operation::subtract:
      return a - b;
    case operation::multiply:
      return a * b;
    case operation::divide:
      return a / b;
    case operation::remainder:
      return modulo(a, b);
    case operation::min:
      return std::min(a, b);
    case operation::max:
      return std::max(a, b);
    default:
      return std::pow(a, b);
  }
}

bool compared(operation does, double a, double b) {
  switch (does) {
    case operation::less:
      return a < b;
    case operation::less_equal:
      return a <= b;
    case operation::greater:
      return a > b;
    default:
      return a >= b;
  }
}

/// As exact as a double is; only the whole is rounded.
constexpr std::uint8_t in_between = 9;

sensor_value number(double value) {
  return std::isfinite(value) ? sensor_value::of(value, in_between) : sensor_value{};
}

/// A text or nothing: not to be computed with.
bool is_no_number(const sensor_value& value) {
  return value.is == sensor_value::type::null || value.is == sensor_value::type::text;
}

sensor_value computed(operation does, const sensor_value& a, const sensor_value& b) {
  switch (does) {
    case operation::less:
    case operation::less_equal:
    case operation::greater:
    case operation::greater_equal:
      return sensor_value::of(compared(does, operand(a), operand(b)));
    default:
      return number(of_two(does, operand(a), operand(b)));
  }
}

double hour_of_day(duration at) {
  constexpr duration day = std::chrono::hours(24);
  return std::chrono::duration<double, std::ratio<3600>>(at % day).count();
}

}  // namespace

std::optional<sensor_use> find_sensor(std::span<const sensor> sensors, std::string_view name,
                                      std::string_view member) {
  for (std::size_t i = 0; i < sensors.size(); ++i) {
    if (sensors[i].name != name) continue;
    const auto members = members_of(sensors[i].signal);
    if (members.empty() && member.empty()) return sensor_use{static_cast<std::uint32_t>(i), 0};
    const auto found = std::find(members.begin(), members.end(), member);
    if (found == members.end()) return std::nullopt;
    return sensor_use{static_cast<std::uint32_t>(i),
                      static_cast<std::uint8_t>(found - members.begin())};
  }
  return std::nullopt;
}

expression_plan::expression_plan(const expression& what, std::span<const sensor> sensors,
                                 std::uint8_t decimals)
    : what_(what), decimals_(decimals) {
  for (const expression::use& each : what.sensors()) {
    const auto found = find_sensor(sensors, each.sensor, each.member);
    GAUNTLET_ASSERT(found.has_value());
    uses_.push_back(*found);
  }
}

sensor_value expression_plan::value(duration at, const sensor_view& device) const {
  sensor_value made = at_node(static_cast<std::uint32_t>(what_.nodes().size() - 1), at, device);
  if (made.is == sensor_value::type::real) made.decimals = decimals_;
  return made;
}

bool expression_plan::is_true(duration at, const sensor_view& device) const {
  return truth_of(value(at, device));
}

sensor_value expression_plan::at_node(std::uint32_t node, duration at,
                                      const sensor_view& device) const {
  const expression::node& here = what_.nodes()[node];
  const auto argument = [&](std::uint32_t i) {
    return at_node(what_.operands()[here.first + i], at, device);
  };
  switch (here.does) {
    case operation::literal:
      return sensor_value::of(here.value);
    case operation::sensor: {
      sensor_value value = device.sensors->value(uses_[here.first], at, device);
      if (value.is == sensor_value::type::real) value.real = value.number();
      return value;
    }
    case operation::time:
      return number(std::chrono::duration<double>(at).count());
    case operation::hour:
      return number(hour_of_day(at));
    case operation::index:
      return sensor_value::of(std::int64_t{device.index});
    case operation::logical_or:
      return sensor_value::of(truth_of(argument(0)) || truth_of(argument(1)));
    case operation::logical_and:
      return sensor_value::of(truth_of(argument(0)) && truth_of(argument(1)));
    case operation::logical_not:
      return sensor_value::of(!truth_of(argument(0)));
    case operation::choose:
      return argument(truth_of(argument(0)) ? 1 : 2);
    default:
      break;
  }
  const sensor_value first = argument(0);
  if (here.does == operation::equal) return sensor_value::of(equal(first, argument(1)));
  if (here.does == operation::unequal) return sensor_value::of(!equal(first, argument(1)));
  if (is_no_number(first)) return {};
  if (here.count == 1) return number(of_one(here.does, operand(first)));
  const sensor_value second = argument(1);
  if (is_no_number(second)) return {};
  if (here.count == 2) return computed(here.does, first, second);
  const sensor_value third = argument(2);
  if (is_no_number(third)) return {};
  return number(std::min(std::max(operand(first), operand(second)), operand(third)));
}

}  // namespace gauntlet::sim
