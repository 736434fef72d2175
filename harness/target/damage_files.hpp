#pragma once

// What can be done to the files of a broker that is down.

#include <filesystem>
#include <vector>

#include "harness/base/result.hpp"
#include "harness/target/broker_control.hpp"

namespace gauntlet::target {

/// Damages each file as told; the failure names the first that cannot be.
outcome<void> damage_files(const std::vector<std::filesystem::path>& files, store_damage how);

/// The same for all files of a folder; an empty name is a broker without files: nothing is done.
outcome<void> damage_folder(const std::filesystem::path& folder, store_damage how);

}  // namespace gauntlet::target
