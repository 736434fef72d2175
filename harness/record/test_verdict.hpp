#pragma once

// What a conformance test concludes about a broker, as records hold it, and how the conclusions of
// several tests become that of a statement.

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace gauntlet::record {

/// In the order in which merging lets one prevail over another: the worst wins. A test that was
/// blocked or left undecided keeps a statement from counting as kept.
enum class test_verdict : std::uint8_t {
  not_run,       ///< of statements only: no test of it ran
  skipped,       ///< needs what the broker does not have, or was not asked for
  pass,          ///< the broker does as the statements say
  variant,       ///< it does something that another reading of the statements permits
  blocked,       ///< the set-up failed, so the statement was not reached
  inconclusive,  ///< reached, but what was seen does not decide it
  unstable,      ///< failed, and passed when it was repeated alone
  fail,          ///< the broker does not do as the statements say
};

/// All of them, in that order.
std::span<const test_verdict> all_test_verdicts();

/// "not_run", "skipped", "pass", ...: the enumerator's name.
std::string_view name(test_verdict value);
/// The verdict of that name, if it is one.
std::optional<test_verdict> test_verdict_of(std::string_view name);

/// The worse of the two. Associative and commutative; `not_run` changes nothing.
constexpr test_verdict worst(test_verdict a, test_verdict b) { return a < b ? b : a; }

}  // namespace gauntlet::record
