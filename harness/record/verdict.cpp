#include "harness/record/verdict.hpp"

#include "harness/record/enum_names.hpp"

namespace gauntlet::record {
namespace {

constexpr enum_names<verdict, 5> verdict_names{{"skipped", "pass", "warn", "inconclusive", "fail"}};

}  // namespace

std::string_view name(verdict value) { return verdict_names.name_of(value); }
std::optional<verdict> verdict_of(std::string_view name) { return verdict_names.value_of(name); }

verdict worst(std::span<const verdict> all) {
  auto merged = verdict::skipped;
  for (const auto each : all) merged = worst(merged, each);
  return merged;
}

}  // namespace gauntlet::record
