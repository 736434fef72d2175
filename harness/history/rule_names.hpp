#pragma once

// The rules of docs/guarantees.md by id, with their titles.

#include <span>
#include <string_view>

namespace gauntlet::history {

struct rule_name {
  std::string_view id;     ///< "D3"
  std::string_view title;  ///< "QoS 1 comes at least once"
};

/// All of them, in the order of the page.
std::span<const rule_name> rule_names();

}  // namespace gauntlet::history
