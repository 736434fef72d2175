#pragma once

// Files that are there whole or not at all.

#include <filesystem>
#include <string_view>

#include "harness/base/result.hpp"

namespace gauntlet::record {

/// Replaces `file` by `content` in one step: a temporary file in the same folder, synced, renamed,
/// and the folder synced. On failure `file` is as before and no temporary file is left. Two
/// processes must not write the same file at once.
outcome<void> write_file_atomically(const std::filesystem::path& file, std::string_view content);

/// The whole content of `file`.
outcome<std::string> read_file(const std::filesystem::path& file);

}  // namespace gauntlet::record
