#pragma once

// All tests, in the order in which they were added.

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "conformance/suite/test_case.hpp"

namespace gauntlet::conformance {

/// A collection of tests with different ids.
class suite {
 public:
  /// The theme of the tests that are added from now on, as reports name it.
  void begin_theme(std::string name) { theme_ = std::move(name); }
  /// Ids must differ; a test has a body and covers something.
  void add(test_case added);

  const std::vector<test_case>& cases() const { return cases_; }
  /// Null if there is none of that id.
  const test_case* find(std::string_view id) const;

 private:
  std::string theme_;
  std::vector<test_case> cases_;
  std::unordered_map<std::string, std::size_t> by_id_;
};

}  // namespace gauntlet::conformance
