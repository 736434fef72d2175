#pragma once

// A finding on disk: `input-1.bin` and so on (what to play), `script.txt` (the same for people),
// `broker.log`, `README.md`.

#include <filesystem>
#include <vector>

#include "fuzz/input/input.hpp"
#include "harness/base/result.hpp"
#include "harness/record/fuzz_result.hpp"

namespace gauntlet::fuzz {

/// Writes the folder, anew if it is there.
outcome<void> write_finding(const std::filesystem::path& folder,
                            const record::fuzz_finding& finding, const std::vector<input>& inputs,
                            const std::string& log);

/// The inputs of such a folder, or of a single file.
outcome<std::vector<input>> read_inputs(const std::filesystem::path& place);

}  // namespace gauntlet::fuzz
