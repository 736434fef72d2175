#pragma once

// gauntlet fuzz --self.

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "harness/base/exit_code.hpp"

namespace gauntlet::cli {

/// Runs the targets on our own code; prints what came of each.
exit_code fuzz_own_code(const std::vector<std::string>& only, std::chrono::seconds time,
                        std::uint64_t seed, const std::string& out, bool quiet);

}  // namespace gauntlet::cli
