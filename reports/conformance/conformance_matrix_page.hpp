#pragma once

// Several brokers side by side: a page for people, and a summary for a repository.

#include <string>

#include "harness/record/conformance_matrix.hpp"

namespace gauntlet::reports {

/// The whole page in UTF-8; needs no network. Themes or chapters go down, brokers across; a cell
/// opens into its tests, and each verdict leads to the test in that broker's report.
std::string to_html(const record::conformance_matrix& matrix);

/// A table of counts with the brokers' versions and the day, in GitHub's Markdown.
std::string to_markdown(const record::conformance_matrix& matrix);

}  // namespace gauntlet::reports
