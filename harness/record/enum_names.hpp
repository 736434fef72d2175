#pragma once

// Names of enumerators that count up from 0, both ways. Private to harness/record.

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "harness/base/assert.hpp"

namespace gauntlet::record {

/// The names of all enumerators of `Enum` in their order.
template <class Enum, std::size_t Count>
struct enum_names {
  std::array<std::string_view, Count> names;

  std::string_view name_of(Enum value) const {
    const auto index = static_cast<std::size_t>(value);
    GAUNTLET_ASSERT(index < Count);
    return names[index];
  }

  std::optional<Enum> value_of(std::string_view name) const {
    const auto found = std::find(names.begin(), names.end(), name);
    if (found == names.end()) return std::nullopt;
    return static_cast<Enum>(found - names.begin());
  }
};

}  // namespace gauntlet::record
