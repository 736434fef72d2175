#include "reports/figures.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "harness/base/units.hpp"

namespace gauntlet::reports {
namespace {

// 1.39, 13.9, 139, 1,390: three significant digits, but never fewer than all before the point.
std::string three_digits(double value) {
  if (value >= 999.5) return format_count(static_cast<std::uint64_t>(std::llround(value)));
  const auto decimals = value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
  auto text = fmt::format("{:.{}f}", value, decimals);
  if (text.find('.') == std::string::npos) return text;
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text;
}

}  // namespace

quantity count_of(std::uint64_t value) { return {format_count(value), ""}; }

quantity duration_of(duration value) {
  if (value < duration::zero()) {
    auto positive = duration_of(-value);
    return {"-" + positive.number, positive.unit};
  }
  const auto ns = static_cast<double>(value.count());
  if (ns < 999.5) return {std::to_string(value.count()), "ns"};
  if (ns < 999.5e3) return {three_digits(ns / 1e3), "\u00b5s"};
  if (ns < 999.5e6) return {three_digits(ns / 1e6), "ms"};
  if (value < std::chrono::minutes{2}) return {three_digits(ns / 1e9), "s"};
  const auto seconds = std::chrono::round<std::chrono::seconds>(value).count();
  if (seconds < 7200) return {fmt::format("{} min {}", seconds / 60, seconds % 60), "s"};
  return {fmt::format("{} h {}", seconds / 3600, seconds / 60 % 60), "min"};
}

quantity bytes_of(std::uint64_t value) {
  constexpr std::array units{"B", "KiB", "MiB", "GiB"};
  auto scaled = static_cast<double>(value);
  std::size_t unit = 0;
  while (scaled >= 1023.5 && unit + 1 < units.size()) {
    scaled /= 1024;
    ++unit;
  }
  return {three_digits(scaled), units[unit]};
}

quantity rate_of(std::uint64_t count, duration time) {
  const auto seconds = std::chrono::duration<double>(time).count();
  return {three_digits(seconds > 0 ? static_cast<double>(count) / seconds : 0), "/s"};
}

std::string plain(const quantity& value) {
  return value.unit.empty() ? value.number : value.number + " " + value.unit;
}

}  // namespace gauntlet::reports
