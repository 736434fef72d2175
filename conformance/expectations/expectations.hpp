#pragma once

// What a broker is expected to do in the suite: a YAML file, written from a run and kept by hand
// after, in which each test that does not pass stands with the reason. A gate compares a run with
// it.

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/result.hpp"
#include "harness/config/diagnostic.hpp"
#include "harness/record/conformance_result.hpp"

namespace gauntlet::conformance {

/// How one test on one version is expected to come out, when it is not to pass.
struct expectation {
  std::string test;
  std::string version;  ///< "3.1.1" or "5.0"
  record::test_verdict verdict = record::test_verdict::fail;
  std::string signature;  ///< see record::signature_of
  std::string reason;     ///< kept by hand: why the broker does so, and who is right
  std::string issue;      ///< kept by hand: address of an issue
  std::string date;       ///< when it was first seen so: "2026-03-14"

  bool operator==(const expectation&) const = default;
};

/// A file of them; no test stands in it twice for one version.
struct expectations {
  std::string broker;  ///< product and version that the entries were seen on
  std::vector<expectation> entries;

  bool operator==(const expectations&) const = default;
};

/// Reads a file, or tells everything that is wrong with it.
config::loaded<expectations> load_expectations(const std::filesystem::path& file);
config::loaded<expectations> load_expectations(std::string_view text, const std::string& file);

/// The file's text: entries by test and version, so that differences between two are small.
std::string to_yaml(const expectations& all);

/// Replaces `file` in one step.
outcome<void> write_expectations(const std::filesystem::path& file, const expectations& all);

/// What the run does otherwise than `expected`; `file` is for people. A test without entry has to
/// pass or to be a variant; invariants may go unexercised. An entry `unstable` is met by unstable,
/// by a failure with the same signature and by a pass, one `inconclusive` by a pass too. Entries of
/// tests that the run left out on purpose (--only, --skip, --fast, --protocol) say nothing.
record::expectation_comparison compare(const expectations& expected,
                                       const record::conformance_result& result,
                                       std::string_view file);

/// `before` brought up to the run. Reason, issue and date of entries that the run equals stay;
/// others are new, with `today` as date. A run that did not complete is refused.
outcome<expectations> updated(const expectations& before, const record::conformance_result& result,
                              std::string_view today);

}  // namespace gauntlet::conformance
