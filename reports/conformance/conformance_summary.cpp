#include "reports/conformance/conformance_summary.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "harness/base/units.hpp"

namespace gauntlet::reports {
namespace {

using record::ending;
using record::test_verdict;
using record::verdict;

std::string word_of(const record::conformance_result& result) {
  switch (result.ending) {
    case ending::complete:
      break;
    case ending::interrupted:
      return "Interrupted";
    case ending::target_unreachable:
      return "Not run";
    default:
      return "Broke off";
  }
  if (result.expectations) {
    return result.expectations->differences.empty() ? "As expected" : "Not as expected";
  }
  switch (result.verdict) {
    case verdict::skipped:
      return "Not judged";
    case verdict::pass:
      return "Conforms";
    case verdict::warn:
      return "Conforms, with remarks";
    case verdict::inconclusive:
      return "Undecided";
    case verdict::fail:
      return "Does not conform";
  }
  return "";
}

std::string why_of(const record::conformance_result& result) {
  const auto counts = record::count_verdicts(result);
  const auto all = counts.total();
  if (all == 0) return "No test ran.";
  const auto of_all = fmt::format("{} {}", format_count(all), all == 1 ? "test" : "tests");
  if (counts[test_verdict::pass] == all) return fmt::format("All {} passed.", of_all);
  auto why = fmt::format("Of {}, {}.", of_all, counts_words(counts));
  const auto failures = failures_of(result);
  const auto lesser = static_cast<std::size_t>(std::count_if(
      failures.begin(), failures.end(),
      [](const auto* test) { return test->level != record::requirement_level::must; }));
  if (lesser != 0 && !result.options.strict) {
    why +=
        fmt::format(" {} of these failures {} no MUST and {} without --strict.", lesser,
                    lesser == 1 ? "breaks" : "break", lesser == 1 ? "is a remark" : "are remarks");
  }
  if (result.expectations) {
    const auto& with = *result.expectations;
    const auto differ = with.differences.size();
    why += differ == 0 ? fmt::format(" The run equals {}.", with.file)
                       : fmt::format(" {} {} from {}.", format_count(differ),
                                     differ == 1 ? "test differs" : "tests differ", with.file);
  }
  return why;
}

}  // namespace

summary summarize(const record::conformance_result& result) {
  auto why = why_of(result);
  if (result.ending != ending::complete) {
    const auto nothing_seen = result.tests.empty();
    why = result.ending_sentence + (nothing_seen ? "" : " Until then: " + why);
  }
  return {result.verdict, word_of(result), why};
}

std::string subject(const record::conformance_result& result) {
  return result.target.product.empty() ? result.target.given : result.target.product;
}

std::string_view words_of(test_verdict value) {
  switch (value) {
    case test_verdict::pass:
      return "passed";
    case test_verdict::fail:
      return "failed";
    case test_verdict::not_run:
      return "not run";
    default:
      return name(value);
  }
}

verdict tone_of(test_verdict value) {
  switch (value) {
    case test_verdict::pass:
      return verdict::pass;
    case test_verdict::fail:
      return verdict::fail;
    case test_verdict::variant:
    case test_verdict::unstable:
      return verdict::warn;
    case test_verdict::blocked:
    case test_verdict::inconclusive:
      return verdict::inconclusive;
    case test_verdict::skipped:
    case test_verdict::not_run:
      break;
  }
  return verdict::skipped;
}

std::string counts_words(const record::verdict_counts& counts) {
  constexpr std::array order{test_verdict::fail,    test_verdict::unstable,
                             test_verdict::blocked, test_verdict::inconclusive,
                             test_verdict::variant, test_verdict::skipped,
                             test_verdict::pass};
  std::string words;
  for (const auto each : order) {
    if (counts[each] == 0) continue;
    if (!words.empty()) words += ", ";
    words += fmt::format("{} {}", format_count(counts[each]), words_of(each));
  }
  return words;
}

std::string coverage_words(const record::catalogue_totals& totals) {
  const auto hidden = totals.numbered - totals.numbered_testable;
  auto words =
      fmt::format("{} of {} testable statements tested, {} kept, {} broken", totals.numbered_tested,
                  totals.numbered_testable, totals.numbered_kept, totals.numbered_broken);
  if (hidden != 0) {
    words += fmt::format("; {} of {} {} not visible from outside", hidden, totals.numbered,
                         hidden == 1 ? "is" : "are");
  }
  return words;
}

std::vector<const record::test_record*> failures_of(const record::conformance_result& result) {
  std::vector<const record::test_record*> failures;
  for (const auto& test : result.tests) {
    const auto is_one =
        test.verdict == test_verdict::fail || test.verdict == test_verdict::unstable;
    if (is_one) failures.push_back(&test);
  }
  std::stable_sort(failures.begin(), failures.end(),
                   [](const auto* a, const auto* b) { return a->level < b->level; });
  return failures;
}

std::string_view words_of(record::expectation_change value) {
  using record::expectation_change;
  switch (value) {
    case expectation_change::new_failure:
      return "new failure";
    case expectation_change::unexpected_pass:
      return "unexpected pass";
    case expectation_change::changed_verdict:
      return "changed verdict";
    case expectation_change::changed_signature:
      return "fails otherwise";
    case expectation_change::missing_test:
      return "did not run";
  }
  return "";
}

}  // namespace gauntlet::reports
