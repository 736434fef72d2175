#pragma once

// A suite of guarantees for people, and several brokers side by side.

#include <string>
#include <vector>

#include "harness/record/guarantees_result.hpp"

namespace gauntlet::reports {

/// "pass  cut/publisher/qos1/... (2.4 s)", with what was found below it.
std::string line_of(const record::guarantee_scenario& scenario);

/// Each guarantee over all scenarios and what was found, for the terminal.
std::string to_text(const record::guarantees_result& result);
/// The same with tables, for a repository.
std::string to_markdown(const record::guarantees_result& result);

/// Guarantees go down, brokers across, in GitHub's Markdown; then what failed where.
std::string matrix_to_markdown(const std::vector<record::guarantees_result>& results);

}  // namespace gauntlet::reports
