#pragma once

// The result of one run of the conformance suite: what result.json of `gauntlet conform` holds and
// every report of it reads. The runner fills the facts and calls complete(), which derives the
// rest; conformance_json.hpp writes and reads the whole.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/exit_code.hpp"
#include "harness/record/run_result.hpp"
#include "harness/record/test_record.hpp"

namespace gauntlet::record {

/// How the suite was asked to run.
struct conformance_options {
  std::vector<std::string> protocols;  ///< "3.1.1", "5.0"
  std::uint32_t jobs = 1;
  bool strict = false;  ///< SHOULDs count
  bool fast = false;
  std::uint32_t repeat = 1;
  double timeout_scale = 1;
  std::vector<std::string> only;
  std::vector<std::string> skip;
  std::string second_target;  ///< as given, without a password; empty if there is none

  bool operator==(const conformance_options&) const = default;
};

/// A line of the card that says what the broker can do.
struct capability_record {
  std::string name;    ///< "Maximum QoS"
  std::string value;   ///< "2"
  std::string source;  ///< how it is known: "CONNACK", "probe" or "profile"

  bool operator==(const capability_record&) const = default;
};

/// A statement of the catalogue, and what became of it.
struct statement_record {
  std::string version;  ///< "3.1.1" or "5.0"
  std::string id;       ///< "MQTT-3.1.0-2"
  std::string section;  ///< "3.1.0"
  std::string title;    ///< of the section
  std::string says;     ///< the rule in our words
  std::string link;     ///< to its section in the standard
  requirement_level level = requirement_level::must;
  bool numbered = true;  ///< has a number of the standard
  /// Whether a test from outside can be written for it; else `why_not` says why.
  bool testable = true;
  std::string why_not;
  /// Derived: the worst of its tests. A test of a lower level than the statement's that fails
  /// counts as variant.
  test_verdict verdict = test_verdict::not_run;
  std::uint32_t tests = 0;   ///< derived: how many tests of it there were
  std::uint32_t passed = 0;  ///< derived: and how many passed

  bool operator==(const statement_record&) const = default;
};

/// Counts of statements of one version; derived. The denominator of what a run claims.
struct catalogue_totals {
  std::string version;
  std::uint32_t numbered = 0;           ///< statements with a number
  std::uint32_t numbered_testable = 0;  ///< of these, testable from outside
  std::uint32_t numbered_tested = 0;    ///< of these, with a test that ran and reached it
  std::uint32_t numbered_kept = 0;      ///< of these, kept: pass or variant
  std::uint32_t numbered_broken = 0;    ///< of these, not: fail or unstable
  std::uint32_t other_testable = 0;     ///< duties without a number, testable from outside
  std::uint32_t other_tested = 0;
  std::uint32_t other_kept = 0;
  std::uint32_t other_broken = 0;

  bool operator==(const catalogue_totals&) const = default;
};

/// Tests that went wrong in the same way; derived.
struct cause_group {
  std::string sentence;  ///< "no MQTT 5: 1,253 tests blocked"
  test_verdict verdict = test_verdict::fail;
  std::string signature;
  std::vector<statement_ref> tests;  ///< version and test id

  bool operator==(const cause_group&) const = default;
};

/// How a run differs from what an expectation file says.
enum class expectation_change : std::uint8_t {
  new_failure,        ///< not pass, and the file does not say so
  unexpected_pass,    ///< passes, and the file says otherwise
  changed_verdict,    ///< another verdict than the file's, neither of them pass
  changed_signature,  ///< the same verdict in another way
  missing_test,       ///< the file names a test that did not run
};
std::string_view name(expectation_change value);
std::optional<expectation_change> expectation_change_of(std::string_view name);

/// One difference.
struct expectation_difference {
  expectation_change change = expectation_change::new_failure;
  std::string test;
  std::string version;
  std::string expected;  ///< verdict and signature of the file
  std::string observed;  ///< of the run
  std::string reason;    ///< the file's, kept by hand
  std::string issue;

  bool operator==(const expectation_difference&) const = default;
};

/// What came of an expectation file.
struct expectation_comparison {
  std::string file;
  std::uint32_t entries = 0;  ///< of the file
  std::uint32_t met = 0;      ///< entries that the run equals
  std::vector<expectation_difference> differences;

  bool operator==(const expectation_comparison&) const = default;
};

/// Everything there is to know about one run of the suite.
struct conformance_result {
  std::string tool_version;
  /// The command line as given; passwords blanked.
  std::vector<std::string> command_line;
  target_record target;
  environment_record environment;
  std::uint64_t seed = 0;
  /// Wall-clock time of the start, to the millisecond.
  wall_time started{};
  gauntlet::duration duration{};
  record::ending ending = record::ending::unfinished;
  /// How it ended, as a sentence with what to do about it.
  std::string ending_sentence;
  /// See conclude().
  record::verdict verdict = record::verdict::skipped;
  gauntlet::exit_code exit_code = gauntlet::exit_code::ok;
  conformance_options options;
  std::vector<capability_record> capabilities;
  std::optional<expectation_comparison> expectations;
  std::vector<catalogue_totals> totals;
  std::vector<cause_group> groups;
  std::vector<statement_record> statements;
  std::vector<test_record> tests;

  bool operator==(const conformance_result&) const = default;
};

/// Derives from tests and statements what each statement's verdict is, the totals and the groups,
/// and then calls conclude(). Groups that the runner made for lack of a precondition stay in front;
/// the tests in them are in no other.
void complete(conformance_result& result);

/// Sets `verdict` and `exit_code`. With expectations: pass if the run equals them, else fail.
/// Without: the worst of the tests, where fail and unstable are fail (for a SHOULD only a warning
/// unless strict, for a MAY never more), blocked and inconclusive are inconclusive, a variant is a
/// warning. A run that did not complete never passes.
void conclude(conformance_result& result);

/// How many tests of a version have each verdict; all versions if `version` is empty.
struct verdict_counts {
  std::uint32_t of[8] = {};

  std::uint32_t operator[](test_verdict which) const { return of[static_cast<std::size_t>(which)]; }
  std::uint32_t total() const;
};
verdict_counts count_verdicts(const conformance_result& result, std::string_view version = "");

}  // namespace gauntlet::record
