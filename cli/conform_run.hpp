#pragma once

// One run of `gauntlet conform`, with what it tells people while it goes on.

#include <filesystem>
#include <vector>

#include "cli/conform_flags.hpp"
#include "harness/record/conformance_result.hpp"

namespace gauntlet::cli {

/// The tests to run, each with what it waits; bad input if there are none.
struct conform_plan {
  conformance::suite tests;
  conformance::catalogue statements;
  std::vector<conformance::planned_test> selected;
  std::size_t left_out = 0;  ///< by --fast
};
outcome<std::unique_ptr<conform_plan>> plan_tests(const conform_flags& flags);

/// Runs the plan and leaves what the broker writes in `folder`. Shows the broker's card and
/// progress unless `is_silent`. Writes captures of what did not pass into `captures`, if given.
outcome<record::conformance_result> run_conform(const conform_plan& plan,
                                                conformance::conduct_request wanted,
                                                const std::filesystem::path& folder, bool is_silent,
                                                const std::filesystem::path& captures);

}  // namespace gauntlet::cli
