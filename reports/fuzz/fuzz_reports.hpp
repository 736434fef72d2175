#pragma once

// A fuzzing campaign for people and for CI.

#include <string>

#include "harness/record/fuzz_result.hpp"

namespace gauntlet::reports {

/// Less time than this share, waited for answers that did not come, is not worth a word.
inline constexpr double share_in_vain_shown = 0.02;

/// A page that works offline.
std::string to_html(const record::fuzz_result& result);
/// A few lines for the terminal.
std::string to_text(const record::fuzz_result& result);
/// The same with a table, for a pull request.
std::string to_markdown(const record::fuzz_result& result);
/// One test case a kind of finding; those that were found fail, flaky ones are skipped.
std::string to_junit(const record::fuzz_result& result);

/// "no findings", "2 findings: 1 crash, 1 protocol", and how many of them are flaky.
std::string summary_of(const record::fuzz_result& result);

}  // namespace gauntlet::reports
