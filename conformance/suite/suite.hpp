#pragma once

// All tests, in the order in which they were added.

#include <string_view>
#include <vector>

#include "conformance/suite/test_case.hpp"

namespace gauntlet::conformance {

/// A collection of tests with different ids.
class suite {
 public:
  /// Ids must differ; a test has a body and covers something.
  void add(test_case added);

  const std::vector<test_case>& cases() const { return cases_; }
  /// Null if there is none of that id.
  const test_case* find(std::string_view id) const;

 private:
  std::vector<test_case> cases_;
};

}  // namespace gauntlet::conformance
