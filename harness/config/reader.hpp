#pragma once

// Readers turn nodes into values. A reader also knows the JSON Schema of what it accepts, so that
// what an editor is told and what is loaded cannot differ. Objects are built from readers in
// object.hpp.

#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "harness/base/units.hpp"
#include "harness/config/diagnostic.hpp"
#include "harness/config/example.hpp"
#include "harness/config/json_text.hpp"
#include "harness/config/node.hpp"

namespace gauntlet::config {

/// How one type of value is read, described and shown.
template <class T>
struct reader {
  /// Fills the value, or adds at least one diagnostic and answers false. A mapping leaves alone
  /// what it does not name, so that one document can be read over another; lists are replaced.
  std::function<bool(const node&, T&, diagnostics&)> read;
  /// JSON Schema of what read accepts, as JSON text.
  std::string schema;
  /// A value as JSON text, as a user would write it; empty where a value has no short text. Used
  /// for the schema's "default".
  std::function<std::string(const T&)> show;
  /// Lines of YAML that show the keys of a mapping, or a list of one such mapping; empty for what
  /// stands on the line of its key. See example.hpp.
  std::string example;
};

/// A reader of scalars that have their own notation. `parse` gets the text and answers the value or
/// a full sentence (unit_error) on what would be right.
template <class T>
reader<T> parsed_scalar(std::string schema, std::function<unit_result<T>(std::string_view)> parse,
                        std::function<std::string(const T&)> format) {
  reader<T> made;
  made.schema = std::move(schema);
  made.read = [parse = std::move(parse)](const node& from, T& to, diagnostics& wrong) {
    if (from.is != node::type::scalar) {
      wrong.add(from, "expected a single value, not " + from.describe());
      return false;
    }
    auto value = parse(from.scalar);
    if (!value) {
      wrong.add(from, value.error().message);
      return false;
    }
    to = std::move(*value);
    return true;
  };
  if (format) {
    made.show = [format = std::move(format)](const T& value) { return json_quote(format(value)); };
  }
  return made;
}

/// Bounds on the length of a text, in bytes.
struct text_limits {
  std::size_t length_min = 0;
  std::size_t length_max = 65'535;
};

/// Text. Plain numbers, true, false and null are not text; in quotes they are.
reader<std::string> text(text_limits limits = {});

/// true or false.
reader<bool> boolean();

/// A finite number within [min, max].
reader<double> real(double min, double max);

/// A whole number within [min, max].
reader<std::int64_t> whole_number(std::int64_t min, std::int64_t max);

/// The same into a narrower type, whose range the bounds must not leave.
template <class Int>
reader<Int> integer(Int min = std::numeric_limits<Int>::min(),
                    Int max = std::numeric_limits<Int>::max());

/// Quantities of base/units.hpp within [min, max].
reader<duration> time_span(duration min, duration max);
reader<std::uint64_t> size_in_bytes(std::uint64_t min, std::uint64_t max);
reader<rate> frequency();
reader<share> percentage();

/// One of a few words.
template <class T>
reader<T> one_of(std::vector<std::pair<std::string, T>> words);

/// A list of `count_min` to `count_max` elements.
template <class T>
reader<std::vector<T>> list_of(reader<T> element, std::size_t count_min = 0,
                               std::size_t count_max = 10'000);

/// A mapping with keys of the user's choice, in file order.
template <class T>
reader<std::vector<std::pair<std::string, T>>> mapping_of(reader<T> value,
                                                          std::size_t count_min = 0,
                                                          std::size_t count_max = 1'000);

/// `element` alone stands for a list of one.
template <class T>
reader<std::vector<T>> one_or_list_of(reader<T> element);

/// Two notations of one type: the first for scalars, the second for mappings and lists.
template <class T>
reader<T> scalar_or(reader<T> scalar, reader<T> structured);

/// Narrows a reader by a check that answers what is wrong with a value, or an empty text.
template <class T>
reader<T> checked(reader<T> base, std::function<std::string(const T&)> check);

/// Turns what a reader yields into another type.
template <class To, class From>
reader<To> converted(reader<From> base, std::function<To(From)> convert);

/// ", did you mean 'topic'?" for a word close to one of `known`, else "; known here: a, b, c".
std::string suggest(std::string_view word, const std::vector<std::string>& known);

// Implementation of the templates.

template <class Int>
reader<Int> integer(Int min, Int max) {
  static_assert(std::is_integral_v<Int> && sizeof(Int) < 8, "use whole_number for 64 bits");
  return converted<Int, std::int64_t>(whole_number(min, max),
                                      [](std::int64_t value) { return static_cast<Int>(value); });
}

template <class T>
reader<T> one_of(std::vector<std::pair<std::string, T>> words) {
  reader<T> made;
  std::string enumeration;
  std::vector<std::string> names;
  for (const auto& [name, value] : words) {
    enumeration += (enumeration.empty() ? "" : ",") + json_quote(name);
    names.push_back(name);
  }
  made.schema = "{\"enum\":[" + enumeration + "]}";
  made.read = [words, names](const node& from, T& to, diagnostics& wrong) {
    if (from.is == node::type::scalar) {
      for (const auto& [name, value] : words) {
        if (name != from.scalar) continue;
        to = value;
        return true;
      }
    }
    std::string all;
    for (const std::string& name : names) all += (all.empty() ? "" : ", ") + name;
    wrong.add(from, "expected one of " + all + ", not " + from.describe());
    return false;
  };
  made.show = [words](const T& value) {
    for (const auto& [name, candidate] : words) {
      if (candidate == value) return json_quote(name);
    }
    return std::string();
  };
  return made;
}

/// "exactly 2", "2 to 5", "at least 1", "at most 5" for messages on counts.
std::string describe_count(std::size_t min, std::size_t max);

template <class T>
reader<std::vector<T>> list_of(reader<T> element, std::size_t count_min, std::size_t count_max) {
  reader<std::vector<T>> made;
  made.schema = "{\"type\":\"array\",\"items\":" + element.schema +
                ",\"minItems\":" + std::to_string(count_min) +
                ",\"maxItems\":" + std::to_string(count_max) + "}";
  made.example = list_example(element.example);
  made.read = [read = std::move(element.read), count_min, count_max](
                  const node& from, std::vector<T>& to, diagnostics& wrong) {
    if (from.is != node::type::sequence) {
      wrong.add(from, "expected a list, not " + from.describe());
      return false;
    }
    if (from.items.size() < count_min || from.items.size() > count_max) {
      wrong.add(from, "expected " + describe_count(count_min, count_max) + " elements, not " +
                          std::to_string(from.items.size()));
      return false;
    }
    bool good = true;
    to.clear();
    for (const node& item : from.items) {
      T value{};
      if (read(item, value, wrong)) {
        to.push_back(std::move(value));
      } else {
        good = false;
      }
    }
    return good;
  };
  return made;
}

template <class T>
reader<std::vector<std::pair<std::string, T>>> mapping_of(reader<T> value, std::size_t count_min,
                                                          std::size_t count_max) {
  reader<std::vector<std::pair<std::string, T>>> made;
  made.schema = "{\"type\":\"object\",\"additionalProperties\":" + value.schema +
                ",\"minProperties\":" + std::to_string(count_min) +
                ",\"maxProperties\":" + std::to_string(count_max) + "}";
  made.read = [read = std::move(value.read), count_min, count_max](
                  const node& from, std::vector<std::pair<std::string, T>>& to,
                  diagnostics& wrong) {
    if (from.is != node::type::mapping) {
      wrong.add(from, "expected a mapping, not " + from.describe());
      return false;
    }
    if (from.members.size() < count_min || from.members.size() > count_max) {
      wrong.add(from, "expected " + describe_count(count_min, count_max) + " keys, not " +
                          std::to_string(from.members.size()));
      return false;
    }
    bool good = true;
    to.clear();
    for (const member& each : from.members) {
      T read_value{};
      if (read(each.value, read_value, wrong)) {
        to.emplace_back(each.key, std::move(read_value));
      } else {
        good = false;
      }
    }
    return good;
  };
  return made;
}

template <class T>
reader<std::vector<T>> one_or_list_of(reader<T> element) {
  reader<std::vector<T>> many = list_of(element, 1);
  reader<std::vector<T>> made;
  made.schema = "{\"anyOf\":[" + element.schema + "," + many.schema + "]}";
  made.read = [one = std::move(element.read), many = std::move(many.read)](
                  const node& from, std::vector<T>& to, diagnostics& wrong) {
    if (from.is == node::type::sequence) return many(from, to, wrong);
    T value{};
    if (!one(from, value, wrong)) return false;
    to.clear();
    to.push_back(std::move(value));
    return true;
  };
  return made;
}

template <class T>
reader<T> scalar_or(reader<T> scalar, reader<T> structured) {
  reader<T> made;
  made.schema = "{\"anyOf\":[" + scalar.schema + "," + structured.schema + "]}";
  made.read = [on_scalar = std::move(scalar.read), on_structured = std::move(structured.read)](
                  const node& from, T& to, diagnostics& wrong) {
    const bool has_parts = from.is == node::type::mapping || from.is == node::type::sequence;
    return has_parts ? on_structured(from, to, wrong) : on_scalar(from, to, wrong);
  };
  made.show = std::move(scalar.show);
  made.example = std::move(structured.example);
  return made;
}

template <class T>
reader<T> checked(reader<T> base, std::function<std::string(const T&)> check) {
  base.read = [read = std::move(base.read), check = std::move(check)](const node& from, T& to,
                                                                      diagnostics& wrong) {
    if (!read(from, to, wrong)) return false;
    const std::string message = check(to);
    if (message.empty()) return true;
    wrong.add(from, message);
    return false;
  };
  return base;
}

template <class To, class From>
reader<To> converted(reader<From> base, std::function<To(From)> convert) {
  reader<To> made;
  made.schema = std::move(base.schema);
  made.read = [read = std::move(base.read), convert = std::move(convert)](const node& from, To& to,
                                                                          diagnostics& wrong) {
    From value{};
    if (!read(from, value, wrong)) return false;
    to = convert(std::move(value));
    return true;
  };
  if constexpr (std::is_integral_v<From> && std::is_integral_v<To>) {
    made.show = [show = std::move(base.show)](const To& value) {
      return show(static_cast<From>(value));
    };
  }
  return made;
}

}  // namespace gauntlet::config
