#pragma once

// gauntlet report on results of the conformance suite: one again, or several side by side.

#include <filesystem>
#include <string>
#include <vector>

#include "harness/base/exit_code.hpp"
#include "harness/base/result.hpp"
#include "harness/record/conformance_matrix.hpp"

namespace gauntlet::cli {

/// Files to write; empty names are left out.
struct report_files {
  std::string html;
  std::string junit;
  std::string markdown;
  std::string json_lines;
  std::string badge;

  bool none() const {
    return html.empty() && junit.empty() && markdown.empty() && json_lines.empty() && badge.empty();
  }
};

/// Renders one result; on the terminal if no file is named.
exit_code render_conformance(const std::filesystem::path& file, const report_files& to);

/// Renders several side by side: the page, the Markdown summary, which goes to the terminal if no
/// file is named. Links lead to the report.html beside each result.json, if there is one.
exit_code render_matrix(const std::vector<std::filesystem::path>& files, const report_files& to);

}  // namespace gauntlet::cli
