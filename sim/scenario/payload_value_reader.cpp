#include "sim/scenario/payload_value_reader.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "harness/config/object.hpp"

namespace gauntlet::sim {
namespace {

using config::object;

constexpr double magnitude_max = 1e9;
constexpr std::array<std::string_view, 8> generator_names{
    "uniform", "integer", "normal", "walk", "counter", "choice", "bool", "timestamp"};

/// A number as JSON writes it: no leading plus or zeros, digits on both sides of the point.
bool is_json_number(std::string_view text) {
  const auto digits = [&text] {
    std::size_t count = 0;
    while (count < text.size() && text[count] >= '0' && text[count] <= '9') ++count;
    text.remove_prefix(count);
    return count;
  };
  if (text.starts_with('-')) text.remove_prefix(1);
  const bool leading_zero = text.starts_with('0');
  const std::size_t whole = digits();
  if (whole == 0 || (leading_zero && whole > 1)) return false;
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    if (digits() == 0) return false;
  }
  if (text.starts_with('e') || text.starts_with('E')) {
    text.remove_prefix(1);
    if (text.starts_with('+') || text.starts_with('-')) text.remove_prefix(1);
    if (digits() == 0) return false;
  }
  return text.empty();
}

/// The scalar as JSON if it is a plain number, true, false or null; else empty.
std::string json_literal(const config::node& from) {
  if (from.is == config::node::type::null) return "null";
  if (from.quoted) return {};
  const bool word = from.scalar == "true" || from.scalar == "false";
  return word || is_json_number(from.scalar) ? from.scalar : std::string();
}

config::reader<constant_value> constant_reader() {
  config::reader<constant_value> made;
  made.schema = R"({"type":["string","number","boolean","null"]})";
  made.read = [text = payload_text_reader()](const config::node& from, constant_value& to,
                                             config::diagnostics& wrong) {
    to.literal = json_literal(from);
    to.is_text = to.literal.empty();
    return !to.is_text || text.read(from, to.text, wrong);
  };
  return made;
}

/// A constant whose text is no template.
config::reader<constant_value> plain_constant_reader() {
  config::reader<constant_value> made;
  made.schema = R"({"type":["string","number","boolean","null"]})";
  made.read = [text = config::text()](const config::node& from, constant_value& to,
                                      config::diagnostics& wrong) {
    to.literal = json_literal(from);
    to.is_text = to.literal.empty();
    return !to.is_text || text.read(from, to.literal, wrong);
  };
  return made;
}

config::reader<double> bounded() { return config::real(-magnitude_max, magnitude_max); }
config::reader<std::uint8_t> decimals() { return config::integer<std::uint8_t>(0, 9); }

template <class T>
void check_order(const T& made, const config::node& from, config::diagnostics& wrong) {
  if (made.min > made.max) wrong.add(from, "min is larger than max");
}

config::reader<uniform_value> uniform_reader() {
  return object<uniform_value>("A number uniform in [min, max)")
      .required("min", &uniform_value::min, bounded(), "The smallest value")
      .required("max", &uniform_value::max, bounded(), "The bound that is never reached")
      .optional("decimals", &uniform_value::decimals, decimals(), "Digits after the point")
      .check(check_order<uniform_value>)
      .build();
}

config::reader<integer_value> integer_reader() {
  return object<integer_value>("A whole number uniform in [min, max]")
      .required("min", &integer_value::min, config::whole_number(INT64_MIN, INT64_MAX),
                "The smallest value")
      .required("max", &integer_value::max, config::whole_number(INT64_MIN, INT64_MAX),
                "The largest value")
      .check(check_order<integer_value>)
      .build();
}

config::reader<normal_value> normal_reader() {
  return object<normal_value>("A normally distributed number")
      .required("mean", &normal_value::mean, bounded(), "The mean")
      .required("stddev", &normal_value::stddev, config::real(0, magnitude_max),
                "The standard deviation")
      .optional("decimals", &normal_value::decimals, decimals(), "Digits after the point")
      .build();
}

config::reader<walk_value> walk_reader() {
  return object<walk_value>("A random walk, reflected at its bounds")
      .required("start", &walk_value::start, bounded(), "The value of the first message")
      .required("step", &walk_value::step, config::real(0, magnitude_max),
                "The standard deviation of the step from one message to the next")
      .optional("min", &walk_value::min, bounded(), "The lower bound")
      .optional("max", &walk_value::max, bounded(), "The upper bound")
      .optional("decimals", &walk_value::decimals, decimals(), "Digits after the point")
      .check([](const walk_value& made, const config::node& from, config::diagnostics& wrong) {
        if (made.min >= made.max) {
          wrong.add(from, "min must be smaller than max");
        } else if (made.start < made.min || made.start > made.max) {
          wrong.add(from, "start must lie between min and max");
        }
      })
      .build();
}

config::reader<counter_value> counter_reader() {
  constexpr std::int64_t start_max = 1'000'000'000'000'000;
  return object<counter_value>("A number that grows by the same step from message to message")
      .optional("start", &counter_value::start, config::whole_number(-start_max, start_max),
                "The value of the first message")
      .optional("step", &counter_value::step, config::whole_number(-1'000'000, 1'000'000),
                "How much the next one is larger")
      .build();
}

config::reader<timestamp_value> timestamp_reader() {
  using format = timestamp_value::format;
  return config::converted<timestamp_value, format>(
      config::one_of<format>(
          {{"iso8601", format::iso8601}, {"unix_s", format::unix_s}, {"unix_ms", format::unix_ms}}),
      [](format as) { return timestamp_value{as}; });
}

/// What a generator's mapping assigns to.
struct generator_holder {
  value_generator made;
};

template <class T>
void add_kind(object<generator_holder>& kinds, const std::string& name, config::reader<T> as,
              const std::string& doc) {
  kinds.derived<T>(
      name, std::move(as), [](generator_holder& to, T value) { to.made = std::move(value); }, doc);
}

config::reader<generator_holder> generator_reader() {
  object<generator_holder> kinds("How a value is generated");
  add_kind(kinds, "uniform", uniform_reader(), "A number uniform in [min, max)");
  add_kind(kinds, "integer", integer_reader(), "A whole number uniform in [min, max]");
  add_kind(kinds, "normal", normal_reader(), "A normally distributed number");
  add_kind(kinds, "walk", walk_reader(), "A random walk between bounds");
  add_kind(kinds, "counter", counter_reader(), "start, start + step, ...");
  add_kind(kinds, "choice",
           config::converted<choice_value, std::vector<constant_value>>(
               config::list_of(plain_constant_reader(), 1),
               [](std::vector<constant_value> all) { return choice_value{std::move(all)}; }),
           "One of these values, each equally likely");
  add_kind(kinds, "bool",
           config::converted<bool_value, share>(
               config::percentage(), [](share part) { return bool_value{part.fraction()}; }),
           "true with this probability, else false");
  add_kind(kinds, "timestamp", timestamp_reader(),
           "The scheduled time of the message, counted from 2026-01-01T00:00:00Z");
  kinds.exactly_one(
      {"uniform", "integer", "normal", "walk", "counter", "choice", "bool", "timestamp"});
  return kinds.build();
}

}  // namespace

bool is_generator(const config::node& from) {
  return from.is == config::node::type::mapping && from.members.size() == 1 &&
         std::find(generator_names.begin(), generator_names.end(), from.members[0].key) !=
             generator_names.end();
}

config::reader<value_generator> value_reader() {
  return config::scalar_or(
      config::converted<value_generator, constant_value>(
          constant_reader(),
          [](constant_value value) { return value_generator(std::move(value)); }),
      config::converted<value_generator, generator_holder>(
          generator_reader(), [](generator_holder holder) { return std::move(holder.made); }));
}

}  // namespace gauntlet::sim
