#include "conformance/suite/suite.hpp"

#include <algorithm>
#include <utility>

#include "harness/base/assert.hpp"

namespace gauntlet::conformance {

bool test_case::runs_on(mqtt::protocol_version version) const {
  return std::ranges::any_of(covers,
                             [version](const auto& each) { return each.version == version; });
}

bool test_case::has_need(need what) const { return std::ranges::count(needs, what) != 0; }

void suite::add(test_case added) {
  GAUNTLET_ASSERT(added.body && !added.covers.empty());
  if (added.theme.empty()) added.theme = theme_;
  const bool is_new = by_id_.emplace(added.id, cases_.size()).second;
  GAUNTLET_ASSERT(is_new);
  cases_.push_back(std::move(added));
}

const test_case* suite::find(std::string_view id) const {
  const auto found = by_id_.find(std::string(id));
  return found == by_id_.end() ? nullptr : &cases_[found->second];
}

}  // namespace gauntlet::conformance
