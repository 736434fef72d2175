#pragma once

// A run of the suite: all tests in random order side by side, those that stop the broker alone
// afterwards, and once more on a quiet broker what failed. A broker that dies is started again, and
// its death is blamed on the test that repeats it.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "conformance/runner/broker_watch.hpp"
#include "conformance/runner/run_tests.hpp"

namespace gauntlet::conformance {

/// How to run.
struct suite_settings {
  unsigned jobs = 64;      ///< 1 to 512
  std::uint64_t seed = 1;  ///< of the order
  unsigned repeat = 1;     ///< times that each test runs
};

/// One test and what came of it.
struct test_run {
  planned_test what;
  /// In order: those of the run, then those on the quiet broker. Empty if it never ran to its end.
  std::vector<case_result> attempts;
  /// How the broker died of it, twice; empty if it did not.
  std::string broker_death;
  std::string log_tail;

  /// The verdict over all attempts: unstable if some pass and some fail; nothing if it never ran.
  std::optional<verdict> concluded() const;
  /// The attempt that shows it best: the first that did not pass, otherwise the first.
  const case_result* telling() const;
  unsigned passes() const;
};

/// Why a run ended.
enum class suite_end : std::uint8_t {
  complete,
  interrupted,
  broker_died,  ///< and did not come back, or no test is to blame for it
};

/// Everything a run saw.
struct suite_run {
  std::vector<test_run> tests;  ///< in the order of the plan
  suite_end end = suite_end::complete;
  std::string end_sentence;
  duration took{};
  unsigned broker_deaths = 0;
  std::int64_t epoch_ns = 0;  ///< nanoseconds since 1970 of the loops' time 0
};

/// Where a run stands.
struct suite_progress {
  std::size_t done = 0;
  std::size_t total = 0;
  std::size_t failed = 0;
  std::string_view phase;  ///< "testing", "restarting the broker", "repeating failures"
  duration elapsed{};
};

/// Watches and steers a run.
struct suite_observer {
  std::function<void(const suite_progress&)> on_progress;
  std::function<bool()> stop_requested;
};

/// Runs the plan. `watch` and `main` belong to the calling thread.
suite_run run_suite(const std::vector<planned_test>& plan, const broker_access& access,
                    const suite_settings& settings, net::network& main, broker_watch& watch,
                    const suite_observer& observer);

}  // namespace gauntlet::conformance
