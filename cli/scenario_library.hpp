#pragma once

// Where scenarios are found: by path, or by name in the library that comes with Gauntlet.

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/result.hpp"

namespace gauntlet::cli {

/// The folder of the library: beside the installed program, or in the source tree. Empty if there
/// is none.
std::filesystem::path scenario_library_folder();

/// The files of the library, by name; parts that others include are in `parts` and not among them.
std::vector<std::filesystem::path> list_scenarios();

/// What a scenario of the library is called: its path there without ending, "openmqtt/p2p-1K".
std::string library_name(const std::filesystem::path& file);

/// `given` itself if such a file exists, else the library's scenario of that name.
outcome<std::filesystem::path> find_scenario(std::string_view given);

}  // namespace gauntlet::cli
