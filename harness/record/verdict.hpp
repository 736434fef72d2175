#pragma once

// Verdicts: what a check concludes, and how several conclusions become one. A verdict is a value,
// not an error; it says what the checked broker did, never what went wrong in our own code.

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace gauntlet::record {

/// In the order in which merging lets one prevail over another: the worst wins. Undecided stands
/// above pass and warn, so that what nobody could decide never becomes a pass; a proven failure
/// stands above it, because more knowledge could not take it back.
enum class verdict : std::uint8_t {
  skipped,       ///< not judged: nothing was asked, or it does not apply here
  pass,          ///< judged, and as expected
  warn,          ///< as expected by the letter, but a user should look (a SHOULD not kept)
  inconclusive,  ///< judged, but what was seen does not decide it
  fail,          ///< judged, and not as expected
};

/// "skipped", "pass", "warn", "inconclusive", "fail".
std::string_view name(verdict value);
/// The verdict of that name, if it is one.
std::optional<verdict> verdict_of(std::string_view name);

/// The worse of the two. Associative and commutative; `skipped` changes nothing.
constexpr verdict worst(verdict a, verdict b) { return a < b ? b : a; }
/// The worst of all; `skipped` if there are none, so that judging nothing is no pass.
verdict worst(std::span<const verdict> all);

/// True if a gate may open on it: pass and warn, nothing else.
constexpr bool is_success(verdict value) {
  return value == verdict::pass || value == verdict::warn;
}

}  // namespace gauntlet::record
