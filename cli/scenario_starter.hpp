#pragma once

// Scenarios to begin with: short, commented, complete.

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/result.hpp"

namespace gauntlet::cli {

/// "telemetry", "commands", ...
std::vector<std::string> starter_kinds();

/// Writes a scenario of that kind to `file`, which gets the ending .yaml if it has none, and
/// answers where it is. Fails if the file exists, or if its name is none for a scenario.
outcome<std::filesystem::path> write_starter(std::filesystem::path file, std::string_view kind);

}  // namespace gauntlet::cli
