#include "conformance/suite/suite.hpp"

#include <algorithm>
#include <utility>

#include "harness/base/assert.hpp"

namespace gauntlet::conformance {

bool test_case::runs_on(mqtt::protocol_version version) const {
  return std::ranges::any_of(covers,
                             [version](const auto& each) { return each.version == version; });
}

void suite::add(test_case added) {
  GAUNTLET_ASSERT(added.body && !added.covers.empty());
  GAUNTLET_ASSERT(find(added.id) == nullptr);
  cases_.push_back(std::move(added));
}

const test_case* suite::find(std::string_view id) const {
  const auto found = std::ranges::find(cases_, id, &test_case::id);
  return found == cases_.end() ? nullptr : &*found;
}

}  // namespace gauntlet::conformance
