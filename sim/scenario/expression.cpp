#include "sim/scenario/expression.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <utility>

#include "harness/config/reader.hpp"

namespace gauntlet::sim {
namespace {

using operation = expression::operation;

struct bad_expression {
  std::string message;
  std::size_t column;
};

struct function_row {
  std::string_view name;
  operation does;
  std::uint8_t operands;
};

constexpr std::array<function_row, 15> functions{{{"abs", operation::abs, 1},
                                                  {"ceil", operation::ceil, 1},
                                                  {"clamp", operation::clamp, 3},
                                                  {"cos", operation::cos, 1},
                                                  {"exp", operation::exp, 1},
                                                  {"floor", operation::floor, 1},
                                                  {"if", operation::choose, 3},
                                                  {"log", operation::log, 1},
                                                  {"max", operation::max, 2},
                                                  {"min", operation::min, 2},
                                                  {"pow", operation::power, 2},
                                                  {"round", operation::round, 1},
                                                  {"sign", operation::sign, 1},
                                                  {"sin", operation::sin, 1},
                                                  {"sqrt", operation::sqrt, 1}}};

constexpr std::array<std::string_view, 11> words{"and", "false", "hour", "index", "not", "null",
                                                 "or",  "pi",    "time", "true",  "if"};

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_word_start(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

const function_row* find_function(std::string_view name) {
  for (const function_row& each : functions) {
    if (each.name == name) return &each;
  }
  return nullptr;
}

std::string quoted(std::string_view text) { return "'" + std::string(text) + "'"; }

}  // namespace

/// Recursive descent. Throws bad_expression, which does not leave this file.
class expression_parser {
 public:
  explicit expression_parser(std::string_view source) : source_(source) {
    made_.source = source;
    made_.nodes.clear();
  }

  expression parse() {
    disjunction();
    if (peek() != '\0')
      fail("something between " + quoted(source_.substr(0, at_)) + " and " +
           quoted(source_.substr(at_)) + " is missing");
    expression whole;
    whole.parsed_ = std::make_shared<const expression::tree>(std::move(made_));
    return whole;
  }

 private:
  using index = std::uint32_t;
  static constexpr int depth_max = 64;
  static constexpr std::size_t nodes_max = 500;

  [[noreturn]] void fail(std::string message, std::size_t at) const {
    throw bad_expression{std::move(message), at + 1};
  }
  [[noreturn]] void fail(std::string message) const { fail(std::move(message), at_); }

  char peek() {
    while (at_ < source_.size() && (source_[at_] == ' ' || source_[at_] == '\n')) ++at_;
    return at_ < source_.size() ? source_[at_] : '\0';
  }

  bool take(std::string_view sign) {
    peek();
    if (!source_.substr(at_).starts_with(sign)) return false;
    at_ += sign.size();
    return true;
  }

  bool take_word(std::string_view word) {
    peek();
    const std::string_view rest = source_.substr(at_);
    if (!rest.starts_with(word)) return false;
    const char after = rest.size() > word.size() ? rest[word.size()] : '\0';
    if (is_word_start(after) || is_digit(after)) return false;
    at_ += word.size();
    return true;
  }

  void expect(std::string_view sign) {
    if (!take(sign))
      fail(peek() == '\0'
               ? "a " + quoted(sign) + " is missing at the end"
               : "a " + quoted(sign) + " is missing before " + quoted(source_.substr(at_)));
  }

  index add(operation does, std::size_t at, std::initializer_list<index> operands = {}) {
    if (made_.nodes.size() >= nodes_max) fail("it has more than 500 parts", at);
    expression::node node{.does = does,
                          .first = static_cast<index>(made_.operands.size()),
                          .count = static_cast<std::uint8_t>(operands.size()),
                          .column = static_cast<index>(at + 1)};
    made_.operands.insert(made_.operands.end(), operands);
    made_.nodes.push_back(std::move(node));
    return static_cast<index>(made_.nodes.size() - 1);
  }

  index add_literal(literal_value value, std::size_t at) {
    const index made = add(operation::literal, at);
    made_.nodes[made].value = std::move(value);
    return made;
  }

  index disjunction() {
    if (++depth_ > depth_max) fail("it is nested more than 64 deep");
    index left = conjunction();
    for (std::size_t at = at_; take_word("or"); at = at_) {
      left = add(operation::logical_or, at, {left, conjunction()});
    }
    --depth_;
    return left;
  }

  index conjunction() {
    index left = negation();
    for (std::size_t at = at_; take_word("and"); at = at_) {
      left = add(operation::logical_and, at, {left, negation()});
    }
    return left;
  }

  index negation() {
    if (++depth_ > depth_max) fail("it is nested more than 64 deep");
    peek();
    const std::size_t at = at_;
    const index made =
        take_word("not") ? add(operation::logical_not, at, {negation()}) : comparison();
    --depth_;
    return made;
  }

  index comparison() {
    const index left = sum();
    peek();
    const std::size_t at = at_;
    operation does{};
    if (take("==")) {
      does = operation::equal;
    } else if (take("!=")) {
      does = operation::unequal;
    } else if (take("<=")) {
      does = operation::less_equal;
    } else if (take(">=")) {
      does = operation::greater_equal;
    } else if (take("<")) {
      does = operation::less;
    } else if (take(">")) {
      does = operation::greater;
    } else {
      return left;
    }
    return add(does, at, {left, sum()});
  }

  index sum() {
    index left = product();
    for (;;) {
      peek();
      const std::size_t at = at_;
      if (take("+")) {
        left = add(operation::add, at, {left, product()});
      } else if (take("-")) {
        left = add(operation::subtract, at, {left, product()});
      } else {
        return left;
      }
    }
  }

  index product() {
    index left = signed_factor();
    for (;;) {
      peek();
      const std::size_t at = at_;
      if (take("*")) {
        left = add(operation::multiply, at, {left, signed_factor()});
      } else if (take("/")) {
        left = add(operation::divide, at, {left, signed_factor()});
      } else if (take("%")) {
        left = add(operation::remainder, at, {left, signed_factor()});
      } else {
        return left;
      }
    }
  }

  index signed_factor() {
    if (++depth_ > depth_max) fail("it is nested more than 64 deep");
    peek();
    const std::size_t at = at_;
    const index made = take("-") ? add(operation::negate, at, {signed_factor()}) : power();
    --depth_;
    return made;
  }

  index power() {
    const index base = factor();
    peek();
    const std::size_t at = at_;
    return take("^") ? add(operation::power, at, {base, signed_factor()}) : base;
  }

  index factor() {
    const char next = peek();
    if (take("(")) {
      const index made = disjunction();
      expect(")");
      return made;
    }
    if (is_digit(next) || next == '.') return number();
    if (next == '"' || next == '\'') return text(next);
    if (is_word_start(next)) return named();
    if (next == '\0') fail("something is missing at the end");
    fail(quoted(source_.substr(at_, 1)) + " cannot stand here");
  }

  index number() {
    const std::size_t begin = at_;
    double value = 0;
    const char* end = source_.data() + source_.size();
    const auto read = std::from_chars(source_.data() + at_, end, value);
    if (read.ec != std::errc{}) fail("this is no number");
    at_ = static_cast<std::size_t>(read.ptr - source_.data());
    if (at_ < source_.size() && (is_word_start(source_[at_]) || source_[at_] == '.')) {
      fail(quoted(source_.substr(begin, at_ + 1 - begin)) + " is no number", begin);
    }
    const std::string_view digits = source_.substr(begin, at_ - begin);
    if (digits.find_first_of(".eE") == std::string_view::npos && value < 9e15) {
      return add_literal(static_cast<std::int64_t>(value), begin);
    }
    return add_literal(decimal_number{value, 9}, begin);
  }

  index text(char quote) {
    const std::size_t begin = at_++;
    const std::size_t end = source_.find(quote, at_);
    if (end == std::string_view::npos) fail("this text has no end", begin);
    std::string value(source_.substr(at_, end - at_));
    at_ = end + 1;
    return add_literal(std::move(value), begin);
  }

  std::string_view word() {
    const std::size_t begin = at_;
    while (at_ < source_.size() && (is_word_start(source_[at_]) || is_digit(source_[at_]))) ++at_;
    return source_.substr(begin, at_ - begin);
  }

  index named() {
    const std::size_t begin = at_;
    const std::string_view name = word();
    if (peek() == '(') return function(name, begin);
    if (name == "time") return add(operation::time, begin);
    if (name == "hour") return add(operation::hour, begin);
    if (name == "index") return add(operation::index, begin);
    if (name == "pi") return add_literal(decimal_number{3.141592653589793, 9}, begin);
    if (name == "null") return add_literal(std::monostate{}, begin);
    if (name == "true" || name == "false") return add_literal(name == "true", begin);
    if (is_expression_word(name)) fail(quoted(name) + " cannot stand here", begin);
    std::string member;
    if (take(".")) {
      if (!is_word_start(peek())) fail("the name of a member is missing after the point");
      member = word();
    }
    const auto use = static_cast<index>(made_.sensors.size());
    made_.sensors.push_back({std::string(name), member, static_cast<index>(begin + 1)});
    const index made = add(operation::sensor, begin);
    made_.nodes[made].first = use;
    return made;
  }

  index function(std::string_view name, std::size_t begin) {
    const function_row* row = find_function(name);
    if (row == nullptr) {
      std::vector<std::string> known;
      for (const function_row& each : functions) known.emplace_back(each.name);
      fail("there is no function " + quoted(name) + config::suggest(name, known), begin);
    }
    expect("(");
    std::vector<index> operands;
    if (peek() != ')') {
      do operands.push_back(disjunction());
      while (take(","));
    }
    expect(")");
    if (operands.size() != row->operands) {
      fail(quoted(name) + " takes " + std::to_string(row->operands) +
               (row->operands == 1 ? " value, not " : " values, not ") +
               std::to_string(operands.size()),
           begin);
    }
    const index made = add(row->does, begin);
    made_.nodes[made].count = row->operands;
    made_.operands.insert(made_.operands.end(), operands.begin(), operands.end());
    return made;
  }

  std::string_view source_;
  std::size_t at_ = 0;
  int depth_ = 0;
  expression::tree made_;
};

bool is_expression_word(std::string_view name) {
  for (const std::string_view word : words) {
    if (word == name) return true;
  }
  return find_function(name) != nullptr;
}

unit_result<expression> expression::parse(std::string_view source) {
  if (source.size() > 4'000) return unit_error{"an expression has at most 4000 characters"};
  try {
    return expression_parser(source).parse();
  } catch (const bad_expression& why) {
    return unit_error{"expression, column " + std::to_string(why.column) + ": " + why.message};
  }
}

}  // namespace gauntlet::sim
