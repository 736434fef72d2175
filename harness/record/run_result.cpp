#include "harness/record/run_result.hpp"

#include <algorithm>
#include <array>

#include "harness/base/assert.hpp"

namespace gauntlet::record {
namespace {

constexpr std::array<std::string_view, 9> ending_names{
    "unfinished",  "complete",    "interrupted",        "aborted",       "target_unreachable",
    "target_died", "worker_died", "environment_failed", "internal_error"};

exit_code exit_code_of(ending ended, verdict overall) {
  switch (ended) {
    case ending::target_unreachable:
    case ending::target_died:
    case ending::worker_died:
    case ending::environment_failed:
      return exit_code::environment_failed;
    case ending::internal_error:
    case ending::unfinished:
      return exit_code::internal_error;
    case ending::interrupted:
    case ending::aborted:
      return exit_code::expectation_failed;
    case ending::complete:
      break;
  }
  const auto nothing_expected = overall == verdict::skipped;
  return nothing_expected || is_success(overall) ? exit_code::ok : exit_code::expectation_failed;
}

}  // namespace

std::string_view name(ending value) {
  const auto index = static_cast<std::size_t>(value);
  GAUNTLET_ASSERT(index < ending_names.size());
  return ending_names[index];
}

std::optional<ending> ending_of(std::string_view name) {
  const auto* found = std::find(ending_names.begin(), ending_names.end(), name);
  if (found == ending_names.end()) return std::nullopt;
  return static_cast<ending>(found - ending_names.begin());
}

void conclude(run_result& run) {
  auto overall = verdict::skipped;
  for (const auto& each : run.expectations) overall = worst(overall, each.verdict);
  if (run.ending != ending::complete) overall = worst(overall, verdict::inconclusive);
  run.verdict = overall;
  run.exit_code = exit_code_of(run.ending, overall);
}

}  // namespace gauntlet::record
