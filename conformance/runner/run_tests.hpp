#pragma once

// Runs tests side by side, each in a lane, and says what each saw. It knows nothing of repeating,
// of brokers that die, or of reports: run_suite.hpp does.

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <vector>

#include "conformance/runner/lane.hpp"
#include "conformance/runner/selection.hpp"
#include "conformance/suite/case_result.hpp"

namespace gauntlet::conformance {

/// One test to be run; `index` is the caller's.
struct queued_test {
  std::size_t index = 0;
  planned_test what;
  std::uint64_t serial = 0;  ///< tells apart runs of the same test
};

/// One test that was run.
struct finished_test {
  std::size_t index = 0;
  case_result result;
};

/// What the caller does about a pass over some tests while it goes on. All calls come from the
/// thread that called run_tests().
struct pass_watch {
  /// Several times a second; also runs the caller's own loop for that long. True stops the pass.
  std::function<bool(duration)> tick;
  std::function<void(finished_test)> on_finished;
};

/// What was under way when a pass was stopped.
struct pass_end {
  bool stopped = false;
  std::vector<std::size_t> cut;      ///< were running; no result of theirs was told
  std::vector<std::size_t> not_run;  ///< never began
};

/// Runs the tests in order on at most `jobs` lanes.
pass_end run_tests(const std::vector<queued_test>& tests, const broker_access& access,
                   unsigned jobs, const pass_watch& watch);

}  // namespace gauntlet::conformance
