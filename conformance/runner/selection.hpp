#pragma once

// Which tests of the suite to run.

#include <string>
#include <string_view>
#include <vector>

#include "conformance/statements/catalogue.hpp"
#include "conformance/suite/suite.hpp"
#include "harness/base/result.hpp"

namespace gauntlet::conformance {

/// A test in one version.
struct planned_test {
  const test_case* test = nullptr;
  mqtt::protocol_version version = mqtt::protocol_version::v5;
  duration waits{};  ///< what it waits on purpose, as far as known
};

/// What the user asked for. A pattern is a glob over a test's id, the ids of the statements that it
/// covers, and its theme, or the number of a section of the standard with all that is below it
/// ("3.1.2"). Letters count the same in upper and lower case.
struct selection {
  std::vector<std::string> only;  ///< empty: all
  std::vector<std::string> skip;
  bool v3_1_1 = true;
  bool v5 = true;
};

/// Whether one pattern selects the test in that version.
bool matches(std::string_view pattern, const planned_test& what, const catalogue& statements);

/// The tests selected, in the suite's order, 3.1.1 before 5.0. Bad input if a pattern matches
/// nothing, or if nothing is left.
outcome<std::vector<planned_test>> select_tests(const suite& from, const catalogue& statements,
                                                const selection& wanted);

}  // namespace gauntlet::conformance
