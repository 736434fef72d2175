#pragma once

// Where a run leaves its results, and how they get there.

#include <filesystem>
#include <string>
#include <string_view>

#include "harness/base/result.hpp"
#include "harness/record/run_result.hpp"

namespace gauntlet::cli {

/// Makes the folder: `wanted`, or "results/<name>-<UTC time>" when empty. A folder that already
/// holds a result is refused, so that nothing recorded is overwritten.
outcome<std::filesystem::path> make_result_folder(const std::filesystem::path& wanted,
                                                  std::string_view name);

/// Removes the folder of a run that never began, unless something is in it: a broker's own output
/// may tell why, an empty folder tells nothing.
void remove_if_empty(const std::filesystem::path& folder);

/// Writes result.json, report.html, junit.xml and summary.md.
outcome<void> write_results(const std::filesystem::path& folder, const record::run_result& run);

/// Writes `text` to `file`, replacing it.
outcome<void> write_text(const std::filesystem::path& file, std::string_view text);

}  // namespace gauntlet::cli
