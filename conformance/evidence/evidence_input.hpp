#pragma once

// What a reproducer is made of: the result of a test with its transcripts, and how to name it.

#include <cstdint>
#include <string>

#include "conformance/suite/case_result.hpp"
#include "harness/net/network.hpp"

namespace gauntlet::conformance {

/// Borrows the result.
struct evidence_input {
  const case_result& result;
  std::string title;      ///< of the test
  std::string statement;  ///< that it is about, id and our words; empty: not said
  /// Where connections went of which the transcript does not say it.
  net::endpoint where{.host = "localhost", .port = 1883};
  /// Nanoseconds since 1970 of the loop's time 0, for time stamps; 0 leaves them relative.
  std::int64_t epoch_ns = 0;
};

}  // namespace gauntlet::conformance
