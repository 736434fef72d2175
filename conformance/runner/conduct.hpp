#pragma once

// The main path of `gauntlet conform`: open the broker, ask it what it can do, run the tests, and
// put everything that was seen into one result.

#include <string>
#include <vector>

#include "conformance/runner/broker_under_test.hpp"
#include "conformance/runner/run_suite.hpp"
#include "conformance/runner/test_records.hpp"
#include "harness/record/conformance_result.hpp"

namespace gauntlet::conformance {

/// A run as the user wants it.
struct conduct_request {
  broker_request broker;
  selection selected;
  suite_settings settings;
  bool strict = false;                    ///< SHOULDs count
  bool fast = false;                      ///< for the record: slow tests were left out of the plan
  std::string tool_version;               ///< for the record
  std::vector<std::string> command_line;  ///< for the record; passwords blanked
};

/// Hears how a run goes, and steers it.
struct conduct_observer {
  std::function<void(const broker_under_test&, std::size_t tests)> on_opened;
  suite_observer suite;
  /// Called at the end with all that was seen, transcripts included; for what is not in the result.
  std::function<void(const suite_run&, const broker_under_test&)> on_finished;
};

/// Runs the plan, which select_tests() made of the same selection. A failure means that no test
/// ran.
outcome<record::conformance_result> conduct(const std::vector<planned_test>& plan,
                                            const catalogue& statements,
                                            const conduct_request& wanted,
                                            const conduct_observer& observer);

}  // namespace gauntlet::conformance
