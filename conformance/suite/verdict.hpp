#pragma once

// What a conformance test concludes about a broker. Never merged: a set-up that failed says nothing
// about the statement under test, and what could not be decided is no pass.

#include <cstdint>
#include <string_view>

namespace gauntlet::conformance {

/// The conclusion of one test on one protocol version.
enum class verdict : std::uint8_t {
  pass,          ///< the broker does as the statements say
  fail,          ///< it does not
  variant,       ///< it does something that another reading of the statements permits
  skipped,       ///< the test needs what this broker does not have, or was not asked for
  blocked,       ///< the set-up failed, so the statement was not reached
  inconclusive,  ///< reached, but what was seen does not decide it
  unstable,      ///< failed, and passed when it was repeated alone
};

/// "pass", "fail", ...
std::string_view to_string(verdict what);

}  // namespace gauntlet::conformance
