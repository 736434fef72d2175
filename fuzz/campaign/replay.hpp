#pragma once

// Plays the inputs of a finding again, on a fresh broker each time.

#include <filesystem>
#include <string>
#include <vector>

#include "fuzz/campaign/subject.hpp"

namespace gauntlet::fuzz {

/// What came of it.
struct replay_result {
  std::string script;
  std::uint32_t times = 0;       ///< played
  std::uint32_t complained = 0;  ///< of these, with a complaint of any oracle
  std::vector<suspicion> found;  ///< each kind of complaint once
};

/// Plays `place`, the folder of a finding or a file with an input, `times` times.
outcome<replay_result> replay(const std::filesystem::path& place, const subject_options& on,
                              std::uint32_t times);

}  // namespace gauntlet::fuzz
