#include "sim/scenario/signal_reader.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "sim/scenario/limits.hpp"
#include "sim/scenario/signal_parts_reader.hpp"

namespace gauntlet::sim {
namespace {

using config::object;

literal_value number_of(const std::string& text) {
  const char* end = text.data() + text.size();
  std::int64_t whole = 0;
  if (const auto read = std::from_chars(text.data(), end, whole);
      read.ec == std::errc{} && read.ptr == end) {
    return whole;
  }
  decimal_number number;
  std::from_chars(text.data(), end, number.value);
  const std::size_t point = text.find('.');
  const bool plain = text.find_first_of("eE") == std::string::npos;
  const std::size_t digits = point == std::string::npos ? 0 : text.size() - point - 1;
  number.decimals = static_cast<std::uint8_t>(plain ? std::min<std::size_t>(digits, 9) : 9);
  return number;
}

template <class T>
void check_order(const T& made, const config::node& from, config::diagnostics& wrong) {
  if (made.min > made.max) wrong.add(from, "min is larger than max");
}

config::reader<uniform_signal> uniform_reader() {
  return object<uniform_signal>("A number uniform in [min, max)")
      .required("min", &uniform_signal::min, signal_number(), "The smallest value")
      .required("max", &uniform_signal::max, signal_number(), "The bound that is never reached")
      .optional("decimals", &uniform_signal::decimals, signal_decimals(), "Digits after the point")
      .check(check_order<uniform_signal>)
      .build();
}

config::reader<integer_signal> integer_reader() {
  return object<integer_signal>("A whole number uniform in [min, max]")
      .required("min", &integer_signal::min, config::whole_number(INT64_MIN, INT64_MAX),
                "The smallest value")
      .required("max", &integer_signal::max, config::whole_number(INT64_MIN, INT64_MAX),
                "The largest value")
      .check(check_order<integer_signal>)
      .build();
}

config::reader<normal_signal> normal_reader() {
  return object<normal_signal>("A normally distributed number")
      .required("mean", &normal_signal::mean, signal_number(), "The mean")
      .required("stddev", &normal_signal::stddev, signal_size(), "The standard deviation")
      .optional("decimals", &normal_signal::decimals, signal_decimals(), "Digits after the point")
      .build();
}

config::reader<walk_signal> walk_reader() {
  return object<walk_signal>("A random walk, reflected at its bounds")
      .required("start", &walk_signal::start, signal_number(), "The first value")
      .required("step", &walk_signal::step, signal_size(),
                "The standard deviation of the step from one value to the next")
      .optional("min", &walk_signal::min, signal_number(), "The lower bound")
      .optional("max", &walk_signal::max, signal_number(), "The upper bound")
      .derived<share>(
          "reversion", config::percentage(),
          [](walk_signal& to, share part) { to.reversion = part.fraction(); },
          "The part of its distance to the mean by which it goes back at each step")
      .optional("mean", &walk_signal::mean, signal_number(),
                "Where it goes back to; without it the start")
      .optional("decimals", &walk_signal::decimals, signal_decimals(), "Digits after the point")
      .check([](const walk_signal& made, const config::node& from, config::diagnostics& wrong) {
        if (made.min >= made.max) {
          wrong.add(from, "min must be smaller than max");
        } else if (made.start < made.min || made.start > made.max) {
          wrong.add(from, "start must lie between min and max");
        } else if (made.mean && (*made.mean < made.min || *made.mean > made.max)) {
          wrong.add(from, "mean must lie between min and max");
        }
        if (made.mean && made.reversion <= 0) {
          wrong.add(from, "a mean needs a 'reversion', like 5%");
        } else if (made.reversion > 0 && made.reversion < 1e-6) {
          wrong.add(from, "a reversion is at least 0.0001%");
        }
      })
      .build();
}

config::reader<counter_signal> counter_reader() {
  constexpr std::int64_t start_max = 1'000'000'000'000'000;
  return object<counter_signal>("A number that grows by the same step each time")
      .optional("start", &counter_signal::start, config::whole_number(-start_max, start_max),
                "The first value")
      .optional("step", &counter_signal::step, config::whole_number(-1'000'000, 1'000'000),
                "How much the next one is larger")
      .optional("wrap", &counter_signal::wrap, config::whole_number(2, 1'000'000'000),
                "Counts from 0 to below this and begins again; start and step count modulo it")
      .build();
}

config::reader<timestamp_signal> timestamp_reader() {
  using format = timestamp_signal::format;
  return config::converted<timestamp_signal, format>(
      config::one_of<format>(
          {{"iso8601", format::iso8601}, {"unix_s", format::unix_s}, {"unix_ms", format::unix_ms}}),
      [](format as) { return timestamp_signal{as}; });
}

config::reader<expression_signal> formula_reader() {
  struct parts {
    expression formula;
    std::uint8_t decimals = 2;
  };
  return config::scalar_or(
      config::converted<expression_signal, expression>(
          expression_reader(), [](expression made) { return expression_signal{std::move(made)}; }),
      config::converted<expression_signal, parts>(
          object<parts>("A value computed from sensors")
              .required("formula", &parts::formula, expression_reader(), "The expression")
              .optional("decimals", &parts::decimals, signal_decimals(), "Digits after the point")
              .build(),
          [](parts made) {
            return expression_signal{std::move(made.formula), made.decimals};
          }));
}

config::reader<reference_signal> reference_reader() {
  return config::converted<reference_signal, std::string>(
      config::text({.length_min = 1, .length_max = 129}), [](std::string path) {
        const std::size_t point = path.find('.');
        if (point == std::string::npos) return reference_signal{std::move(path), {}};
        return reference_signal{path.substr(0, point), path.substr(point + 1)};
      });
}

/// Adds kinds to a table, which stores what is read as `into` of its model.
template <class T>
struct kind_list {
  object<T>& table;
  signal_description T::*into;
  std::vector<std::string> names;

  template <class Kind>
  void add(const std::string& name, config::reader<Kind> as, const std::string& doc) {
    table.template derived<Kind>(
        name, std::move(as), [into = into](T& to, Kind value) { to.*into = std::move(value); },
        doc);
    names.push_back(name);
  }
};

template <class T>
void add_common_kinds(kind_list<T>& kinds) {
  kinds.add(
      "constant",
      config::converted<constant_signal, literal_value>(
          literal_reader(), [](literal_value value) { return constant_signal{std::move(value)}; }),
      "Always the same");
  kinds.add("uniform", uniform_reader(), "A number uniform in [min, max)");
  kinds.add("integer", integer_reader(), "A whole number uniform in [min, max]");
  kinds.add("normal", normal_reader(), "A normally distributed number");
  kinds.add("walk", walk_reader(), "A random walk between bounds");
  kinds.add("counter", counter_reader(), "start, start + step, ...");
  kinds.add("choice",
            config::converted<choice_signal, std::vector<literal_value>>(
                config::list_of(literal_reader(), 1),
                [](std::vector<literal_value> all) { return choice_signal{std::move(all)}; }),
            "One of these values, each equally likely");
  kinds.add("bool",
            config::converted<bool_signal, share>(
                config::percentage(), [](share part) { return bool_signal{part.fraction()}; }),
            "true with this probability, else false");
  kinds.add("timestamp", timestamp_reader(),
            "The time, counted from 2026-01-01T00:00:00Z; in a payload the scheduled time");
  kinds.add("sine", sine_reader(), "A sine over time, with noise");
  kinds.add("daily", daily_reader(), "A curve over the day, with noise");
  kinds.add("steps", steps_reader(), "Levels that hold from their times on");
  kinds.add("ramp", ramp_reader(), "From one value to another at even speed");
  kinds.add("replay", replay_reader(), "A column of a CSV file");
  kinds.add("expression", formula_reader(), "Computed from sensors of the device");
}

struct signal_holder {
  signal_description made;
};

kind_list<signal_holder> inline_kinds(object<signal_holder>& table) {
  kind_list<signal_holder> kinds{table, &signal_holder::made, {}};
  add_common_kinds(kinds);
  kinds.add("sensor", reference_reader(),
            "The value of a sensor of the device, NAME or NAME.MEMBER");
  return kinds;
}

}  // namespace

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

config::reader<literal_value> literal_reader() {
  config::reader<literal_value> made;
  made.schema = R"({"type":["string","number","boolean","null"]})";
  made.read = [text = config::text()](const config::node& from, literal_value& to,
                                      config::diagnostics& wrong) {
    const bool plain = from.is == config::node::type::scalar && !from.quoted;
    if (from.is == config::node::type::null) {
      to = std::monostate{};
    } else if (plain && (from.scalar == "true" || from.scalar == "false")) {
      to = from.scalar == "true";
    } else if (plain && is_json_number(from.scalar)) {
      to = number_of(from.scalar);
    } else if (from.is != config::node::type::scalar) {
      wrong.add(from, "expected a single value, not " + from.describe());
      return false;
    } else {
      std::string value;
      if (!text.read(from, value, wrong)) return false;
      to = std::move(value);
    }
    return true;
  };
  return made;
}

config::reader<signal_description> inline_signal_reader() {
  object<signal_holder> table("How a value is generated");
  table.exactly_one(inline_kinds(table).names);
  return config::converted<signal_description, signal_holder>(
      table.build(), [](signal_holder holder) { return std::move(holder.made); });
}

const std::vector<std::string>& inline_signal_kinds() {
  static const std::vector<std::string> names = [] {
    object<signal_holder> table("");
    return inline_kinds(table).names;
  }();
  return names;
}

void add_sensor_kinds(config::object<sensor>& table) {
  kind_list<sensor> kinds{table, &sensor::signal, {}};
  add_common_kinds(kinds);
  kinds.add("machine", machine_reader(), "Named states that follow each other");
  kinds.add("switch", switch_reader(), "true and false in turns");
  kinds.add("gps", gps_reader(), "A drive from waypoint to waypoint");
  kinds.add("battery", battery_reader(), "A battery's level in percent");
  table.exactly_one(kinds.names);
}

}  // namespace gauntlet::sim
