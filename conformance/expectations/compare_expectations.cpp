#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "conformance/expectations/expectations.hpp"

namespace gauntlet::conformance {
namespace {

using record::expectation_change;
using record::expectation_difference;
using record::test_verdict;

using test_key = std::pair<std::string, std::string>;

std::string words_of(test_verdict verdict, const std::string& signature) {
  if (signature.empty()) return std::string(name(verdict));
  return fmt::format("{}: {}", name(verdict), signature);
}

std::string words_of(const record::test_record& test) {
  if (test.verdict == test_verdict::pass) return "pass";
  return words_of(test.verdict, record::signature_of(test));
}

bool is_met_by(const expectation& expected, const record::test_record& test) {
  const auto same_way = expected.signature == record::signature_of(test);
  // Whether it can be decided at all, or comes out well now and then, depends on the run.
  const bool may_pass =
      expected.verdict == test_verdict::unstable || expected.verdict == test_verdict::inconclusive;
  if (may_pass && test.verdict == test_verdict::pass) return true;
  if (expected.verdict != test_verdict::unstable) {
    return expected.verdict == test.verdict && same_way;
  }
  return same_way && (test.verdict == test_verdict::fail || test.verdict == test_verdict::unstable);
}

expectation_change change_of(const expectation& expected, const record::test_record& test) {
  if (test.verdict == test_verdict::pass) return expectation_change::unexpected_pass;
  return test.verdict == expected.verdict ? expectation_change::changed_signature
                                          : expectation_change::changed_verdict;
}

// Whether a run of these options may lack tests that are no news.
bool is_selection(const record::conformance_options& options) {
  return options.fast || !options.only.empty() || !options.skip.empty();
}

bool was_asked_for(const expectation& entry, const record::conformance_options& options) {
  const auto& asked = options.protocols;
  return std::find(asked.begin(), asked.end(), entry.version) != asked.end() &&
         !is_selection(options);
}

// Whether a test may come out so without an entry. A variant is permitted by some reading, and
// which invariants a run happens to exercise says nothing of the broker.
bool needs_no_entry(const record::test_record& test) {
  const bool is_unexercised =
      test.kind == record::test_kind::invariant && test.verdict == test_verdict::skipped;
  return test.verdict == test_verdict::pass || test.verdict == test_verdict::variant ||
         is_unexercised;
}

expectation_difference difference_from(const expectation& expected) {
  return {.test = expected.test,
          .version = expected.version,
          .expected = words_of(expected.verdict, expected.signature),
          .reason = expected.reason,
          .issue = expected.issue};
}

expectation_difference new_failure(const record::test_record& test) {
  return {.change = expectation_change::new_failure,
          .test = test.id,
          .version = test.version,
          .expected = "pass",
          .observed = words_of(test)};
}

std::map<test_key, const expectation*> by_test(const expectations& all) {
  std::map<test_key, const expectation*> found;
  for (const auto& each : all.entries) found[{each.test, each.version}] = &each;
  return found;
}

}  // namespace

record::expectation_comparison compare(const expectations& expected,
                                       const record::conformance_result& result,
                                       std::string_view file) {
  record::expectation_comparison made{.file = std::string(file)};
  made.entries = static_cast<std::uint32_t>(expected.entries.size());
  auto left = by_test(expected);
  for (const auto& test : result.tests) {
    const auto entry = left.find({test.id, test.version});
    if (entry == left.end()) {
      if (!needs_no_entry(test)) made.differences.push_back(new_failure(test));
      continue;
    }
    if (is_met_by(*entry->second, test)) {
      ++made.met;
    } else {
      auto difference = difference_from(*entry->second);
      difference.change = change_of(*entry->second, test);
      difference.observed = words_of(test);
      made.differences.push_back(std::move(difference));
    }
    left.erase(entry);
  }
  for (const auto& [key, entry] : left) {
    if (!was_asked_for(*entry, result.options)) continue;
    auto difference = difference_from(*entry);
    difference.change = expectation_change::missing_test;
    difference.observed = "nothing";
    made.differences.push_back(std::move(difference));
  }
  return made;
}

outcome<expectations> updated(const expectations& before, const record::conformance_result& result,
                              std::string_view today) {
  if (result.ending != record::ending::complete) {
    return environment_failed(fmt::format("expectations are written from complete runs only: {}",
                                          result.ending_sentence));
  }
  auto left = by_test(before);
  expectations made{.broker =
                        result.target.product.empty() ? before.broker : result.target.product};
  for (const auto& test : result.tests) {
    const auto entry = left.find({test.id, test.version});
    const auto* known = entry == left.end() ? nullptr : entry->second;
    if (known != nullptr) left.erase(entry);
    if (known != nullptr && is_met_by(*known, test)) {
      made.entries.push_back(*known);
    } else if (!needs_no_entry(test)) {
      made.entries.push_back({.test = test.id,
                              .version = test.version,
                              .verdict = test.verdict,
                              .signature = record::signature_of(test),
                              .date = std::string(today)});
    }
  }
  for (const auto& [key, entry] : left) {
    if (!was_asked_for(*entry, result.options)) made.entries.push_back(*entry);
  }
  return made;
}

}  // namespace gauntlet::conformance
