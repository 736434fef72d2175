#pragma once

// Quantities as people write them in files and on the command line: "1h30m", "10MB", "30/min",
// "2.5%". Parsing is strict (a number always carries its unit, nothing is trimmed or guessed) and
// formatting writes what parsing reads back to the same value.

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include <boost/system/result.hpp>

#include "harness/base/event_loop.hpp"

namespace gauntlet {

/// Why a text is no quantity: one sentence that quotes it and says what would be right.
struct unit_error {
  std::string message;
};

template <class T>
using unit_result = boost::system::result<T, unit_error>;

/// How often: `count` events in each `per`; count >= 0, per > 0.
struct rate {
  double count = 0;
  duration per = std::chrono::seconds(1);

  double per_second() const { return count / std::chrono::duration<double>(per).count(); }
  bool operator==(const rate&) const = default;
};

/// A part of a whole, 0 to 100 percent.
struct share {
  double percent = 0;

  double fraction() const { return percent / 100; }
  auto operator<=>(const share&) const = default;
};

/// "250ms", "10s", "1h30m", "1.5s": terms of d, h, m, s, ms, us, ns from large to small, each once;
/// only the last may have a fraction. At most 100 years, exact to the nanosecond.
unit_result<duration> parse_duration(std::string_view text);

/// "64B", "1KiB", "10MB": B, KB, MB, GB in thousands, KiB, MiB, GiB in 1024s; a whole number of
/// bytes below 2^60.
unit_result<std::uint64_t> parse_size(std::string_view text);

/// "2000/s", "30/min", "0.5/h", "10/d".
unit_result<rate> parse_rate(std::string_view text);

/// "50%", "0.1%".
unit_result<share> parse_share(std::string_view text);

/// Days, hours, minutes as terms and the rest as one decimal term: "1h30m", "1.5s", "250ms". A
/// negative duration has a leading minus, for display only.
std::string format_duration(duration value);

/// The largest unit that divides the size: "1KiB", "10MB", "1500B".
std::string format_size(std::uint64_t size_bytes);

std::string format_rate(rate value);
std::string format_share(share value);

/// A whole number with separators of thousands, for people only: "14,590".
std::string format_count(std::uint64_t value);

/// The shortest decimal text that reads back as the same number, never in exponent form for
/// magnitudes below 1e21.
std::string format_number(double value);

}  // namespace gauntlet
