#include "harness/record/verdict.hpp"

#include <algorithm>
#include <array>

#include "harness/base/assert.hpp"

namespace gauntlet::record {
namespace {

constexpr std::array<std::string_view, 5> names{"skipped", "pass", "warn", "inconclusive", "fail"};

}  // namespace

std::string_view name(verdict value) {
  const auto index = static_cast<std::size_t>(value);
  GAUNTLET_ASSERT(index < names.size());
  return names[index];
}

std::optional<verdict> verdict_of(std::string_view name) {
  const auto* found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) return std::nullopt;
  return static_cast<verdict>(found - names.begin());
}

verdict worst(std::span<const verdict> all) {
  auto merged = verdict::skipped;
  for (const auto each : all) merged = worst(merged, each);
  return merged;
}

}  // namespace gauntlet::record
