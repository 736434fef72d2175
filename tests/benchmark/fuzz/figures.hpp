#pragma once

// What campaigns against planted defects came to, and the tables made of it. No campaign is run
// here.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/result.hpp"
#include "harness/record/fuzz_result.hpp"

namespace gauntlet::benchmark {

/// One campaign: until the planted defect was found, or the budget was spent.
struct trial {
  std::string defect;
  std::string mode;
  bool is_found = false;
  /// Whether it ended at a finding that is not the planted one.
  bool is_misled = false;
  std::uint64_t inputs = 0;  ///< until the finding; all that were played if there is none
  double seconds = 0;        ///< likewise
};

/// Whether a finding of that kind may be the planted defect, whose name begins with what it does.
bool fits(std::string_view defect, record::finding_kind kind);

/// Reads off a campaign what it came to.
trial trial_of(std::string_view defect, std::string_view mode, const record::fuzz_result& result);

/// The middle of values of which those that are missing lie above all others; nothing if the middle
/// is missing.
std::optional<double> median_of(std::vector<std::optional<double>> values);

/// One table of defects by modes, and one of modes. In the order in which they first appear.
std::string to_markdown(const std::vector<trial>& trials);

/// `text` with what stands between "<!-- NAME begins -->" and "<!-- NAME ends -->" replaced; fails
/// if these lines are not there.
outcome<std::string> replace_between_marks(std::string_view text, std::string_view name,
                                           std::string_view content);

}  // namespace gauntlet::benchmark
