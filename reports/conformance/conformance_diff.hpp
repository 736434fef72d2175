#pragma once

// What changed between two conformance runs, test by test.

#include <cstdint>
#include <string>
#include <vector>

#include "harness/record/conformance_result.hpp"
#include "reports/text.hpp"

namespace gauntlet::reports {

/// How the second run of a test differs from the first; the gravest first.
enum class test_change : std::uint8_t {
  broke,    ///< passed, and does not any more
  changed,  ///< neither passes: another verdict or another signature
  removed,  ///< only the first run has it
  added,    ///< only the second run has it
  mended,   ///< passes now
};

/// One test on one version.
struct changed_test {
  test_change change = test_change::broke;
  std::string id;
  std::string version;
  std::string title;
  std::string before;  ///< "pass", "fail: expected PUBACK, observed nothing for 5s"; "not run"
  std::string after;
};

/// Two runs.
struct conformance_diff {
  std::string before;  ///< which broker, and when
  std::string after;
  std::size_t unchanged = 0;
  std::vector<changed_test> changes;  ///< the gravest first, then by id
};

conformance_diff diff(const record::conformance_result& before,
                      const record::conformance_result& after);

/// For a terminal.
std::string to_text(const conformance_diff& what, const text_options& options = {});

}  // namespace gauntlet::reports
