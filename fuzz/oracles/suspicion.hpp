#pragma once

// What an oracle says before anybody has tried it again.

#include <string>

#include "harness/record/fuzz_result.hpp"

namespace gauntlet::fuzz {

/// A complaint. Two with the same signature are the same fault.
struct suspicion {
  record::finding_kind kind = record::finding_kind::crash;
  std::string sentence;
  std::string signature;
  std::string statement;  ///< that was broken; empty: none
  std::string section;
};

}  // namespace gauntlet::fuzz
