#pragma once

// The combinations of a scenario's parameters side by side: for a browser, and for a merge request.

#include <string>

#include "harness/record/run_matrix.hpp"

namespace gauntlet::reports {

/// The whole page in UTF-8; needs no network. Each combination leads to its own report.
std::string to_html(const record::run_matrix& matrix);

/// Two tables in GitHub's Markdown: the main figures, and the expectations that not all met.
std::string to_markdown(const record::run_matrix& matrix);

/// The main figures for a terminal.
std::string to_text(const record::run_matrix& matrix);

}  // namespace gauntlet::reports
