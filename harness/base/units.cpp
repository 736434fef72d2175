#include "harness/base/units.hpp"

#include <array>
#include <charconv>
#include <optional>
#include <span>

#include "harness/base/ascii.hpp"

namespace gauntlet {
namespace {

struct unit {
  std::string_view name;
  std::uint64_t value;
};

constexpr std::array<unit, 7> duration_units{{{"d", 86'400'000'000'000},
                                              {"h", 3'600'000'000'000},
                                              {"m", 60'000'000'000},
                                              {"s", 1'000'000'000},
                                              {"ms", 1'000'000},
                                              {"us", 1'000},
                                              {"ns", 1}}};

constexpr std::array<unit, 7> size_units{{{"GiB", std::uint64_t{1} << 30U},
                                          {"GB", 1'000'000'000},
                                          {"MiB", std::uint64_t{1} << 20U},
                                          {"MB", 1'000'000},
                                          {"KiB", std::uint64_t{1} << 10U},
                                          {"KB", 1'000},
                                          {"B", 1}}};

constexpr std::array<unit, 4> rate_units{{{"s", 1'000'000'000},
                                          {"min", 60'000'000'000},
                                          {"h", 3'600'000'000'000},
                                          {"d", 86'400'000'000'000}}};

constexpr std::uint64_t duration_max = std::uint64_t{36'525} * 86'400'000'000'000;
constexpr std::uint64_t size_max = std::uint64_t{1} << 60U;

std::string_view take_while_digits(std::string_view& text) {
  std::size_t length = 0;
  while (length < text.size() && is_digit(text[length])) ++length;
  const std::string_view digits = text.substr(0, length);
  text.remove_prefix(length);
  return digits;
}

const unit* find_unit(std::span<const unit> units, std::string_view name) {
  for (const unit& candidate : units) {
    if (candidate.name == name) return &candidate;
  }
  return nullptr;
}

/// One "12.5ms" at the front of `text`, in the smallest unit; exact, or nothing.
struct term {
  std::uint64_t value;
  const unit* in;
  bool has_fraction;
};

std::optional<term> take_term(std::string_view& text, std::span<const unit> units,
                              std::uint64_t value_max) {
  const std::string_view whole = take_while_digits(text);
  std::string_view fraction;
  const bool has_fraction = !text.empty() && text.front() == '.';
  if (has_fraction) {
    text.remove_prefix(1);
    fraction = take_while_digits(text);
    if (fraction.empty()) return std::nullopt;
  }
  std::size_t length = 0;
  while (length < text.size() && !is_digit(text[length]) && text[length] != '.') ++length;
  const unit* in = find_unit(units, text.substr(0, length));
  if (whole.empty() || in == nullptr) return std::nullopt;
  text.remove_prefix(length);

  std::uint64_t count = 0;
  const auto read = std::from_chars(whole.data(), whole.data() + whole.size(), count);
  if (read.ec != std::errc{} || count > value_max / in->value) return std::nullopt;
  std::uint64_t value = count * in->value;
  std::uint64_t place = in->value;
  for (const char digit : fraction) {
    place = place % 10 == 0 ? place / 10 : 0;
    if (place == 0 && digit != '0') return std::nullopt;  // finer than the smallest unit
    value += place * static_cast<std::uint64_t>(digit - '0');
  }
  return term{value, in, has_fraction};
}

/// A non-negative decimal number without sign or exponent.
std::optional<double> read_number(std::string_view text) {
  std::string_view rest = text;
  const std::string_view whole = take_while_digits(rest);
  if (whole.empty()) return std::nullopt;
  if (!rest.empty()) {
    if (rest.front() != '.') return std::nullopt;
    rest.remove_prefix(1);
    if (take_while_digits(rest).empty() || !rest.empty()) return std::nullopt;
  }
  double value = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  if (read.ec != std::errc{}) return std::nullopt;
  return value;
}

std::string quoted(std::string_view text) { return "'" + std::string(text.substr(0, 60)) + "'"; }

unit_error no_duration(std::string_view text) {
  return {quoted(text) +
          " is not a duration; write a number with its unit, like 250ms, 10s, 5m, "
          "1h30m or 1d, up to 100 years"};
}

/// value / unit as a decimal without trailing zeros.
std::string decimal(std::uint64_t value, std::uint64_t in) {
  std::string text = std::to_string(value / in);
  std::uint64_t rest = value % in;
  if (rest == 0) return text;
  text += '.';
  while (rest != 0) {
    in /= 10;
    text += static_cast<char>('0' + rest / in);
    rest %= in;
  }
  return text;
}

}  // namespace

unit_result<duration> parse_duration(std::string_view text) {
  std::string_view rest = text;
  std::uint64_t total = 0;
  const unit* smallest = nullptr;
  bool complete = false;
  while (!rest.empty()) {
    const auto part = take_term(rest, duration_units, duration_max);
    if (!part || complete) return no_duration(text);
    if (smallest != nullptr && part->in->value >= smallest->value) return no_duration(text);
    smallest = part->in;
    complete = part->has_fraction;
    total += part->value;
    if (total > duration_max) return no_duration(text);
  }
  if (smallest == nullptr) return no_duration(text);
  return duration(static_cast<duration::rep>(total));
}

unit_result<std::uint64_t> parse_size(std::string_view text) {
  std::string_view rest = text;
  const auto size = take_term(rest, size_units, size_max - 1);
  // "1.5KiB" is 1536 bytes, but a fraction's decimal places rarely divide a power of two.
  if (!size || !rest.empty() || size->has_fraction) {
    return unit_error{quoted(text) +
                      " is not a size; write a whole number with its unit, like 64B, 1KiB or 10MB"};
  }
  return size->value;
}

unit_result<rate> parse_rate(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash != std::string_view::npos) {
    const auto count = read_number(text.substr(0, slash));
    const unit* per = find_unit(rate_units, text.substr(slash + 1));
    if (count && per != nullptr) {
      return rate{*count, duration(static_cast<duration::rep>(per->value))};
    }
  }
  return unit_error{quoted(text) +
                    " is not a rate; write a number per s, min, h or d, like 2000/s "
                    "or 30/min"};
}

unit_result<share> parse_share(std::string_view text) {
  if (!text.empty() && text.back() == '%') {
    const auto percent = read_number(text.substr(0, text.size() - 1));
    if (percent && *percent <= 100) return share{*percent};
  }
  return unit_error{quoted(text) + " is not a percentage; write 0% to 100%, like 50% or 0.1%"};
}

std::string format_duration(duration value) {
  if (value < duration::zero()) {
    // Negated as unsigned, so that the smallest value has a text as well.
    const auto magnitude = 0 - static_cast<std::uint64_t>(value.count());
    if (magnitude > duration_max) return "-" + decimal(magnitude, duration_units[3].value) + "s";
    return "-" + format_duration(duration(static_cast<duration::rep>(magnitude)));
  }
  auto rest = static_cast<std::uint64_t>(value.count());
  if (rest == 0) return "0s";
  std::string text;
  for (const unit& part : std::span(duration_units).first(3)) {
    if (rest < part.value) continue;
    text += std::to_string(rest / part.value);
    text += part.name;
    rest %= part.value;
  }
  for (const unit& part : std::span(duration_units).subspan(3)) {
    if (rest < part.value) continue;
    text += decimal(rest, part.value);
    text += part.name;
    break;
  }
  return text;
}

std::string format_size(std::uint64_t size_bytes) {
  if (size_bytes != 0) {
    for (const unit& in : size_units) {
      if (size_bytes % in.value == 0) {
        return std::to_string(size_bytes / in.value) + std::string(in.name);
      }
    }
  }
  return std::to_string(size_bytes) + "B";
}

std::string format_rate(rate value) {
  for (const unit& per : rate_units) {
    if (value.per.count() == static_cast<duration::rep>(per.value)) {
      return format_number(value.count) + "/" + std::string(per.name);
    }
  }
  return format_number(value.per_second()) + "/s";
}

std::string format_share(share value) { return format_number(value.percent) + "%"; }

std::string format_count(std::uint64_t value) {
  std::string text = std::to_string(value);
  for (auto place = static_cast<int>(text.size()) - 3; place > 0; place -= 3) {
    text.insert(static_cast<std::size_t>(place), 1, ',');
  }
  return text;
}

std::string format_number(double value) {
  std::array<char, 400> text{};
  const double magnitude = value < 0 ? -value : value;
  const auto format = magnitude < 1e21 ? std::chars_format::fixed : std::chars_format::general;
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value, format).ptr;
  return {text.data(), end};
}

}  // namespace gauntlet
