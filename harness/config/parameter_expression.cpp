#include "harness/config/parameter_expression.hpp"

#include <charconv>
#include <cmath>
#include <optional>
#include <utility>

#include "harness/base/ascii.hpp"
#include "harness/config/reader.hpp"

namespace gauntlet::config {
namespace {

/// What a value counts in.
enum class kind : std::uint8_t { number, time, size, frequency, part };

constexpr double exact_max = 9.2e18;  // what a 64-bit count can hold

struct quantity {
  double value = 0;  // of time in nanoseconds, of frequency a second, of a part in percent
  kind in = kind::number;
};

struct bad_expression {
  std::string message;
};

std::optional<double> parse_number(std::string_view text) {
  double value = 0;
  const char* end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, value);
  if (read.ec != std::errc{} || read.ptr != end || !std::isfinite(value)) return std::nullopt;
  return value;
}

std::optional<quantity> parse_quantity(std::string_view text) {
  if (const auto value = parse_number(text)) return quantity{*value};
  if (const auto value = parse_duration(text)) {
    return quantity{static_cast<double>(value->count()), kind::time};
  }
  if (const auto value = parse_size(text)) {
    return quantity{static_cast<double>(*value), kind::size};
  }
  if (const auto value = parse_rate(text)) return quantity{value->per_second(), kind::frequency};
  if (const auto value = parse_share(text)) return quantity{value->percent, kind::part};
  return std::nullopt;
}

std::string format(const quantity& of) {
  switch (of.in) {
    case kind::time:
      return format_duration(duration(std::llround(of.value)));
    case kind::size:
      return format_size(static_cast<std::uint64_t>(std::llround(of.value)));
    case kind::frequency:
      return format_rate({.count = of.value});
    case kind::part:
      return format_share({of.value});
    case kind::number:
      break;
  }
  return format_number(of.value);
}

bool is_word_start(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
/// Recursive descent over +, -, *, /, functions and parentheses. Throws bad_expression, which does
/// not leave this file.
class calculator {
 public:
  calculator(std::string_view text, const parameter_scope& scope) : rest_(text), scope_(scope) {}

  quantity all() {
    const quantity made = sum();
    if (peek() != '\0') throw bad_expression{"cannot be read from '" + std::string(rest_) + "' on"};
    const bool countable = std::isfinite(made.value) && std::abs(made.value) < exact_max;
    if (!countable) throw bad_expression{"the result is no number"};
    if (made.in != kind::number && made.value < 0) throw bad_expression{"the result is below zero"};
    return made;
  }

 private:
  char peek() {
    while (rest_.starts_with(' ')) rest_.remove_prefix(1);
    return rest_.empty() ? '\0' : rest_.front();
  }
  bool take(char c) {
    if (peek() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }
  void expect(char c) {
    if (!take(c)) throw bad_expression{std::string("a '") + c + "' is missing"};
  }

  quantity sum() {
    quantity left = product();
    while (peek() == '+' || peek() == '-') {
      const bool minus = take('-');
      if (!minus) take('+');
      const quantity right = product();
      insist_on_one_kind(left, right);
      left.value += minus ? -right.value : right.value;
    }
    return left;
  }

  quantity product() {
    quantity left = factor();
    while (peek() == '*' || peek() == '/') {
      const bool division = take('/');
      if (!division) take('*');
      const quantity right = factor();
      left = division ? divided(left, right) : multiplied(left, right);
    }
    return left;
  }

  quantity factor() {
    if (++depth_ > depth_max) throw bad_expression{"nested too deeply"};
    quantity made = signed_factor();
    --depth_;
    return made;
  }

  quantity signed_factor() {
    if (take('-')) {
      quantity made = factor();
      made.value = -made.value;
      return made;
    }
    if (take('(')) {
      const quantity made = sum();
      expect(')');
      return made;
    }
    const char next = peek();
    if (is_digit(next) || next == '.') return literal();
    if (is_word_start(next)) return named();
    if (next == '\0') throw bad_expression{"something is missing at its end"};
    throw bad_expression{std::string("'") + next + "' is not understood"};
  }

  std::string_view word() {
    std::size_t size = 0;
    while (size < rest_.size() && (is_word_start(rest_[size]) || is_digit(rest_[size]))) ++size;
    const std::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }

  quantity literal() {
    std::size_t size = 0;
    const auto belongs = [](char c) { return is_digit(c) || is_word_start(c) || c == '.'; };
    while (size < rest_.size() && belongs(rest_[size])) ++size;
    if (size < rest_.size() && rest_[size] == '%') ++size;
    const std::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    const auto made = parse_quantity(taken);
    if (!made) throw bad_expression{"'" + std::string(taken) + "' is no number or quantity"};
    return *made;
  }

  quantity named() {
    const std::string name(word());
    if (take('(')) return function(name);
    const node* value = scope_.find(name);
    if (value == nullptr) throw bad_expression{unknown(name)};
    const auto made = value->quoted ? std::nullopt : parse_quantity(value->scalar);
    if (!made) {
      throw bad_expression{"'" + name + "' is " + value->describe() + ", which is no quantity"};
    }
    return *made;
  }

  std::string unknown(const std::string& name) const {
    const std::string message = "there is no parameter '" + name + "'";
    if (scope_.names.empty()) return message + " here; define it under 'parameters'";
    return message + suggest(name, scope_.names);
  }

  quantity function(const std::string& name) {
    const bool of_two = name == "min" || name == "max";
    if (!of_two && name != "ceil" && name != "floor" && name != "round") {
      throw bad_expression{"there is no function '" + name +
                           "'; there are ceil, floor, round, min and max"};
    }
    quantity made = sum();
    if (of_two) {
      expect(',');
      const quantity other = sum();
      insist_on_one_kind(made, other);
      if ((other.value < made.value) == (name == "min")) made = other;
    }
    expect(')');
    if (name == "ceil") made.value = std::ceil(made.value);
    if (name == "floor") made.value = std::floor(made.value);
    if (name == "round") made.value = std::round(made.value);
    return made;
  }

  static void insist_on_one_kind(const quantity& a, const quantity& b) {
    if (a.in == b.in) return;
    throw bad_expression{"'" + format(a) + "' and '" + format(b) + "' are of different kinds"};
  }
  static quantity multiplied(const quantity& a, const quantity& b) {
    if (a.in != kind::number && b.in != kind::number) {
      throw bad_expression{"one factor must be a plain number"};
    }
    return {a.value * b.value, a.in == kind::number ? b.in : a.in};
  }
  static quantity divided(const quantity& a, const quantity& b) {
    if (b.value == 0) throw bad_expression{"division by zero"};
    if (a.in == b.in) return {a.value / b.value};
    if (b.in != kind::number) throw bad_expression{"the divisor must be a plain number"};
    return {a.value / b.value, a.in};
  }

  static constexpr int depth_max = 50;

  std::string_view rest_;
  const parameter_scope& scope_;
  int depth_ = 0;
};

bool is_name(std::string_view text) {
  if (text.empty() || !is_word_start(text.front())) return false;
  for (const char c : text) {
    if (!is_word_start(c) && !is_digit(c)) return false;
  }
  return true;
}

}  // namespace

unit_result<node> evaluate_expression(std::string_view expression, const parameter_scope& scope) {
  const std::size_t begin = expression.find_first_not_of(' ');
  if (begin == std::string_view::npos) return unit_error{"${} is empty; write ${name}"};
  expression = expression.substr(begin, expression.find_last_not_of(' ') + 1 - begin);
  if (is_name(expression)) {
    if (const node* value = scope.find(expression)) {
      return node{.is = value->is, .quoted = value->quoted, .scalar = value->scalar};
    }
  }
  try {
    const quantity made = calculator(expression, scope).all();
    return node{.is = node::type::scalar, .scalar = format(made)};
  } catch (const bad_expression& why) {
    return unit_error{"${" + std::string(expression) + "}: " + why.message};
  }
}

}  // namespace gauntlet::config
