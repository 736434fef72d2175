#pragma once

// What a campaign leaves behind, whoever judged it: the oracles or the model.

#include <filesystem>

#include "harness/base/result.hpp"
#include "harness/record/fuzz_result.hpp"

namespace gauntlet::cli {

/// Writes result.json, report.html, junit.xml and summary.md into `folder`.
outcome<void> write_fuzz_results(const std::filesystem::path& folder,
                                 const record::fuzz_result& result);

}  // namespace gauntlet::cli
