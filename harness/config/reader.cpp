#include "harness/config/reader.hpp"

#include <algorithm>
#include <charconv>

namespace gauntlet::config {
namespace {

std::string number_text(std::int64_t value) { return std::to_string(value); }

/// " from 1 to 5", " of at least 1", " of at most 5" or nothing; bounds as they are shown.
std::string describe_range(const std::string& min, const std::string& max) {
  if (!min.empty() && !max.empty()) return " from " + min + " to " + max;
  if (!min.empty()) return " of at least " + min;
  if (!max.empty()) return " of at most " + max;
  return {};
}

template <class T>
bool read_all(std::string_view text, T& value) {
  if (!text.empty() && text.front() == '+') text.remove_prefix(1);
  const char* end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, value);
  return read.ec == std::errc{} && read.ptr == end;
}

bool looks_like_text(const node& from) {
  if (from.is != node::type::scalar) return false;
  if (from.quoted) return true;
  double number = 0;
  const std::string& word = from.scalar;
  return !read_all(word, number) && word != "true" && word != "false";
}

/// Optimal string alignment distance: insertions, deletions, replacements, swaps of neighbours.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::vector<std::size_t>> cost(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) cost[i][0] = i;
  for (std::size_t j = 0; j <= b.size(); ++j) cost[0][j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = cost[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      cost[i][j] = std::min({replaced, cost[i - 1][j] + 1, cost[i][j - 1] + 1});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        cost[i][j] = std::min(cost[i][j], cost[i - 2][j - 2] + 1);
      }
    }
  }
  return cost[a.size()][b.size()];
}

/// A reader of a unit with bounds; bounds at the ends of the type are not mentioned.
template <class T, class Parse, class Format>
reader<T> bounded_unit(const std::string& noun, const std::string& pattern, Parse parse,
                       Format format, T min, T max) {
  const std::string range =
      describe_range(min > T{} ? format(min) : std::string(),
                     max < std::numeric_limits<T>::max() ? format(max) : std::string());
  const std::string schema =
      "{\"type\":\"string\",\"description\":" + json_quote("A " + noun + range) +
      ",\"pattern\":" + json_quote(pattern) + "}";
  return parsed_scalar<T>(
      schema,
      [=](std::string_view text) -> unit_result<T> {
        auto value = parse(text);
        if (!value || (*value >= min && *value <= max)) return value;
        return unit_error{"expected a " + noun + range + ", not '" + std::string(text) + "'"};
      },
      format);
}

}  // namespace

reader<std::string> text(text_limits limits) {
  reader<std::string> made;
  made.schema = "{\"type\":\"string\",\"minLength\":" + std::to_string(limits.length_min) +
                ",\"maxLength\":" + std::to_string(limits.length_max) + "}";
  made.read = [limits](const node& from, std::string& to, diagnostics& wrong) {
    if (!looks_like_text(from)) {
      const bool unquoted = from.is == node::type::scalar;
      wrong.add(from, "expected text, not " + from.describe() +
                          (unquoted ? "; put it into quotes if it is meant as text" : ""));
      return false;
    }
    if (from.scalar.size() < limits.length_min) {
      wrong.add(from, limits.length_min == 1 ? "the text must not be empty"
                                             : "the text must have at least " +
                                                   std::to_string(limits.length_min) + " bytes");
      return false;
    }
    if (from.scalar.size() > limits.length_max) {
      wrong.add(from, "the text must have at most " + std::to_string(limits.length_max) +
                          " bytes, not " + std::to_string(from.scalar.size()));
      return false;
    }
    to = from.scalar;
    return true;
  };
  made.show = [](const std::string& value) { return json_quote(value); };
  return made;
}

reader<bool> boolean() {
  reader<bool> made;
  made.schema = "{\"type\":\"boolean\"}";
  made.read = [](const node& from, bool& to, diagnostics& wrong) {
    const bool plain = from.is == node::type::scalar && !from.quoted;
    if (!plain || (from.scalar != "true" && from.scalar != "false")) {
      wrong.add(from, "expected true or false, not " + from.describe());
      return false;
    }
    to = from.scalar == "true";
    return true;
  };
  made.show = [](const bool& value) { return std::string(value ? "true" : "false"); };
  return made;
}

reader<double> real(double min, double max) {
  const std::string range = describe_range(
      min > std::numeric_limits<double>::lowest() ? format_number(min) : std::string(),
      max < std::numeric_limits<double>::max() ? format_number(max) : std::string());
  reader<double> made;
  made.schema = "{\"type\":\"number\"";
  if (min > std::numeric_limits<double>::lowest()) {
    made.schema += ",\"minimum\":" + format_number(min);
  }
  if (max < std::numeric_limits<double>::max()) made.schema += ",\"maximum\":" + format_number(max);
  made.schema += "}";
  made.read = [=](const node& from, double& to, diagnostics& wrong) {
    double value = 0;
    const bool plain = from.is == node::type::scalar && !from.quoted;
    if (!plain || !read_all(from.scalar, value) || !(value >= min && value <= max)) {
      wrong.add(from, "expected a number" + range + ", not " + from.describe());
      return false;
    }
    to = value;
    return true;
  };
  made.show = [](const double& value) { return format_number(value); };
  return made;
}

reader<std::int64_t> whole_number(std::int64_t min, std::int64_t max) {
  const bool has_min = min != std::numeric_limits<std::int64_t>::min();
  const bool has_max = max != std::numeric_limits<std::int64_t>::max();
  const std::string range = describe_range(has_min ? number_text(min) : std::string(),
                                           has_max ? number_text(max) : std::string());
  reader<std::int64_t> made;
  made.schema = "{\"type\":\"integer\"";
  if (has_min) made.schema += ",\"minimum\":" + number_text(min);
  if (has_max) made.schema += ",\"maximum\":" + number_text(max);
  made.schema += "}";
  made.read = [=](const node& from, std::int64_t& to, diagnostics& wrong) {
    std::int64_t value = 0;
    const bool plain = from.is == node::type::scalar && !from.quoted;
    if (!plain || !read_all(from.scalar, value) || value < min || value > max) {
      wrong.add(from, "expected a whole number" + range + ", not " + from.describe());
      return false;
    }
    to = value;
    return true;
  };
  made.show = number_text;
  return made;
}

reader<duration> time_span(duration min, duration max) {
  const std::string range = describe_range(min > duration::zero() ? format_duration(min) : "",
                                           max < duration::max() ? format_duration(max) : "");
  return parsed_scalar<duration>(
      "{\"type\":\"string\",\"description\":" + json_quote("A duration" + range) +
          ",\"pattern\":\"^([0-9]+(\\\\.[0-9]+)?(d|h|m|s|ms|us|ns))+$\"}",
      [=](std::string_view text) -> unit_result<duration> {
        auto value = parse_duration(text);
        if (!value || (*value >= min && *value <= max)) return value;
        return unit_error{"expected a duration" + range + ", not '" + std::string(text) + "'"};
      },
      format_duration);
}

reader<std::uint64_t> size_in_bytes(std::uint64_t min, std::uint64_t max) {
  return bounded_unit<std::uint64_t>("size", "^[0-9]+(B|KB|MB|GB|KiB|MiB|GiB)$", parse_size,
                                     format_size, min, max);
}

reader<rate> frequency() {
  return parsed_scalar<rate>(
      R"({"type":"string","pattern":"^[0-9]+(\\.[0-9]+)?/(s|min|h|d)$"})",
      [](std::string_view text) -> unit_result<rate> {
        auto value = parse_rate(text);
        if (!value || value->count > 0) return value;
        return unit_error{"expected a rate above zero, not '" + std::string(text) + "'"};
      },
      format_rate);
}

reader<share> percentage() {
  return parsed_scalar<share>(R"({"type":"string","pattern":"^[0-9]+(\\.[0-9]+)?%$"})", parse_share,
                              format_share);
}

std::string describe_count(std::size_t min, std::size_t max) {
  if (min == max) return "exactly " + std::to_string(min);
  return min == 0 ? "at most " + std::to_string(max)
                  : std::to_string(min) + " to " + std::to_string(max);
}

std::string suggest(std::string_view word, const std::vector<std::string>& known) {
  std::size_t best_distance = std::max<std::size_t>(1, std::min<std::size_t>(word.size(), 9) / 3);
  const std::string* best = nullptr;
  if (word.size() <= 64) {
    for (const std::string& candidate : known) {
      const std::size_t distance = edit_distance(word, candidate);
      if (distance > best_distance || (best != nullptr && distance == best_distance)) continue;
      best = &candidate;
      best_distance = distance;
    }
  }
  if (best != nullptr) return ", did you mean '" + *best + "'?";
  std::string all;
  for (const std::string& candidate : known) all += (all.empty() ? "" : ", ") + candidate;
  return "; known here: " + all;
}

}  // namespace gauntlet::config
