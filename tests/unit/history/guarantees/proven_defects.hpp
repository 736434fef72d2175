#pragma once

// The defects of the reference broker that the checkers are proven with, and the class that names
// each.

#include <string>
#include <string_view>
#include <vector>

namespace gauntlet::history::proof {

struct proven_defect {
  std::string_view defect;      ///< as parse_defect reads it
  std::string_view class_name;  ///< one of the classes found must be this; or "O4 reordered"
  bool without_faults = false;  ///< is a breach only where no fault is injected
};

/// At least forty, with about two for each rule.
const std::vector<proven_defect>& proven_defects();

}  // namespace gauntlet::history::proof
