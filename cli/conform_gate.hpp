#pragma once

// gauntlet conform --expectations: the gate that compares a run with what was expected of it.

#include <filesystem>
#include <optional>
#include <string>

#include "conformance/expectations/expectations.hpp"
#include "harness/base/result.hpp"
#include "harness/record/conformance_result.hpp"

namespace gauntlet::cli {

/// What the expectation file says, and what is to be done with it.
class conform_gate {
 public:
  /// Reads the file; an empty name stands for no gate. A file that is not there is only good for
  /// being written by `update`.
  static outcome<conform_gate> open(const std::string& file, bool update);

  /// Puts the comparison into the result and its verdict; or writes the file anew from it, and says
  /// so on stdout.
  outcome<void> apply(record::conformance_result& result) const;

 private:
  std::filesystem::path file_;
  bool update_ = false;
  conformance::expectations expected_;
};

}  // namespace gauntlet::cli
