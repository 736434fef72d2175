#pragma once

// A summary for a pull-request comment, in GitHub's Markdown.

#include <string>

#include "harness/record/run_result.hpp"

namespace gauntlet::reports {

/// Headline, expectations, and the account folded below. Text from outside cannot break out of its
/// cell or mention anybody.
std::string to_markdown(const record::run_result& run);

}  // namespace gauntlet::reports
