#include "harness/record/conformance_result.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <set>
#include <tuple>

#include "harness/base/units.hpp"
#include "harness/record/enum_names.hpp"

namespace gauntlet::record {
namespace {

constexpr enum_names<expectation_change, 5> changes{
    {"new_failure", "unexpected_pass", "changed_verdict", "changed_signature", "missing_test"}};

using statement_map = std::map<statement_ref, statement_record*>;

bool is_failure(test_verdict value) {
  return value == test_verdict::fail || value == test_verdict::unstable;
}

// That a server leaves out what it should do breaks no statement of level must.
test_verdict verdict_for(const statement_record& statement, const test_record& test) {
  const auto weaker = test.level > statement.level;
  return weaker && is_failure(test.verdict) ? test_verdict::variant : test.verdict;
}

void merge_statements(conformance_result& result) {
  statement_map by_name;
  for (auto& each : result.statements) {
    each.verdict = test_verdict::not_run;
    each.tests = 0;
    each.passed = 0;
    by_name[{each.version, each.id}] = &each;
  }
  for (const auto& test : result.tests) {
    for (const auto& name : test.statements) {
      const auto found = by_name.find(name);
      if (found == by_name.end() || name.version != test.version) continue;
      auto& statement = *found->second;
      statement.verdict = worst(statement.verdict, verdict_for(statement, test));
      ++statement.tests;
      if (test.verdict == test_verdict::pass) ++statement.passed;
    }
  }
}

void count_statement(catalogue_totals& in, const statement_record& statement) {
  const auto was_reached = statement.verdict != test_verdict::not_run &&
                           statement.verdict != test_verdict::skipped &&
                           statement.verdict != test_verdict::blocked;
  const auto is_kept =
      statement.verdict == test_verdict::pass || statement.verdict == test_verdict::variant;
  const auto is_broken = is_failure(statement.verdict);
  if (statement.numbered) {
    ++in.numbered;
    in.numbered_testable += statement.testable ? 1U : 0U;
    in.numbered_tested += was_reached ? 1U : 0U;
    in.numbered_kept += is_kept ? 1U : 0U;
    in.numbered_broken += is_broken ? 1U : 0U;
  } else {
    in.other_testable += statement.testable ? 1U : 0U;
    in.other_tested += was_reached ? 1U : 0U;
    in.other_kept += is_kept ? 1U : 0U;
    in.other_broken += is_broken ? 1U : 0U;
  }
}

void count_totals(conformance_result& result) {
  std::map<std::string, catalogue_totals> totals;
  for (const auto& statement : result.statements) {
    auto& in = totals[statement.version];
    in.version = statement.version;
    count_statement(in, statement);
  }
  result.totals.clear();
  for (auto& [version, counted] : totals) result.totals.push_back(std::move(counted));
}

std::string_view words_of(test_verdict value) {
  switch (value) {
    case test_verdict::fail:
      return "failed";
    case test_verdict::variant:
      return "of another reading";
    default:
      return name(value);
  }
}

// A line of a list: whole packets stand with the test.
constexpr std::size_t part_bytes_max = 90;

std::string clipped(const std::string& text) {
  if (text.size() <= part_bytes_max) return text;
  auto end = part_bytes_max;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80U) --end;
  return text.substr(0, end) + "\u2026";
}

std::string cause_of(const test_record& test) {
  if (!test.divergence) return test.reason;
  return clipped(test.divergence->observed) + " in place of " + clipped(test.divergence->expected);
}

// What all tests of a group have in common, for people. One alone is told by its title.
std::string sentence_of(const test_record& first, std::size_t tests) {
  const auto cause = cause_of(first);
  if (tests == 1 && first.divergence) return first.title + ": " + cause;
  return cause + ": " + format_count(tests) + (tests == 1 ? " test " : " tests ") +
         std::string(words_of(first.verdict));
}

void group_causes(conformance_result& result) {
  std::set<statement_ref> grouped;
  for (const auto& each : result.groups) grouped.insert(each.tests.begin(), each.tests.end());

  using key = std::tuple<test_verdict, std::string>;
  std::map<key, std::size_t> places;
  std::vector<cause_group> groups;
  std::vector<const test_record*> firsts;
  for (const auto& test : result.tests) {
    if (test.verdict == test_verdict::pass || grouped.contains({test.version, test.id})) continue;
    const auto signature = signature_of(test);
    const auto [place, is_new] = places.try_emplace({test.verdict, signature}, groups.size());
    if (is_new) {
      groups.push_back({.verdict = test.verdict, .signature = signature});
      firsts.push_back(&test);
    }
    groups[place->second].tests.push_back({test.version, test.id});
  }
  for (std::size_t i = 0; i < groups.size(); ++i) {
    groups[i].sentence = sentence_of(*firsts[i], groups[i].tests.size());
  }
  std::stable_sort(groups.begin(), groups.end(), [](const cause_group& a, const cause_group& b) {
    return std::tuple(b.verdict, b.tests.size()) < std::tuple(a.verdict, a.tests.size());
  });
  std::move(groups.begin(), groups.end(), std::back_inserter(result.groups));
}

verdict overall_of(const test_record& test, bool strict) {
  switch (test.verdict) {
    case test_verdict::fail:
    case test_verdict::unstable:
      if (test.level == requirement_level::must) return verdict::fail;
      return strict && test.level == requirement_level::should ? verdict::fail : verdict::warn;
    case test_verdict::inconclusive:
    case test_verdict::blocked:
      return verdict::inconclusive;
    case test_verdict::variant:
      return verdict::warn;
    case test_verdict::pass:
      return verdict::pass;
    case test_verdict::skipped:
    case test_verdict::not_run:
      break;
  }
  return verdict::skipped;
}

verdict overall_of(const conformance_result& result) {
  if (result.expectations) {
    return result.expectations->differences.empty() ? verdict::pass : verdict::fail;
  }
  auto overall = verdict::skipped;
  for (const auto& test : result.tests) {
    overall = worst(overall, overall_of(test, result.options.strict));
  }
  return overall;
}

}  // namespace

std::string_view name(expectation_change value) { return changes.name_of(value); }
std::optional<expectation_change> expectation_change_of(std::string_view name) {
  return changes.value_of(name);
}

void complete(conformance_result& result) {
  merge_statements(result);
  count_totals(result);
  group_causes(result);
  conclude(result);
}

void conclude(conformance_result& result) {
  // One rule for both kinds of result decides what the shell is told.
  run_result as_run{.ending = result.ending, .expectations = {{.verdict = overall_of(result)}}};
  conclude(as_run);
  result.verdict = as_run.verdict;
  result.exit_code = as_run.exit_code;
}

std::uint32_t verdict_counts::total() const {
  return std::accumulate(std::begin(of), std::end(of), 0U);
}

verdict_counts count_verdicts(const conformance_result& result, std::string_view version) {
  verdict_counts counts;
  for (const auto& test : result.tests) {
    if (version.empty() || test.version == version) {
      ++counts.of[static_cast<std::size_t>(test.verdict)];
    }
  }
  return counts;
}

}  // namespace gauntlet::record
