#include "reports/conformance/conformance_diff.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "harness/base/units.hpp"
#include "harness/record/conformance_matrix.hpp"
#include "reports/conformance/conformance_summary.hpp"
#include "reports/escape.hpp"
#include "reports/terminal.hpp"

namespace gauntlet::reports {
namespace {

using record::test_verdict;
using record::verdict;

struct change_words {
  std::string_view name;
  verdict tone;
};

change_words words_of(test_change value) {
  switch (value) {
    case test_change::broke:
      return {"broke", verdict::fail};
    case test_change::changed:
      return {"changed", verdict::warn};
    case test_change::removed:
      return {"removed", verdict::inconclusive};
    case test_change::added:
      return {"added", verdict::skipped};
    case test_change::mended:
      break;
  }
  return {"mended", verdict::pass};
}

constexpr std::array all_changes{test_change::broke, test_change::changed, test_change::removed,
                                 test_change::added, test_change::mended};

std::string words_of(const record::test_record* test) {
  if (test == nullptr) return "not run";
  if (test->verdict == test_verdict::pass) return "pass";
  return fmt::format("{}: {}", name(test->verdict), record::finding_of(*test));
}

test_change change_of(const record::test_record* before, const record::test_record* after) {
  if (before == nullptr) return test_change::added;
  if (after == nullptr) return test_change::removed;
  if (before->verdict == test_verdict::pass) return test_change::broke;
  return after->verdict == test_verdict::pass ? test_change::mended : test_change::changed;
}

bool is_same(const record::test_record* before, const record::test_record* after) {
  return before != nullptr && after != nullptr && before->verdict == after->verdict &&
         record::signature_of(*before) == record::signature_of(*after);
}

std::string words_of(const record::conformance_result& run) {
  return fmt::format("{}, {}", subject(run), record::to_iso8601(run.started).substr(0, 16));
}

std::string counts_of(const conformance_diff& what) {
  std::string words;
  for (const auto each : all_changes) {
    const auto count = std::count_if(what.changes.begin(), what.changes.end(),
                                     [&](const auto& change) { return change.change == each; });
    if (count == 0) continue;
    words += fmt::format("{} {}, ", format_count(static_cast<std::uint64_t>(count)),
                         words_of(each).name);
  }
  return words + fmt::format("{} unchanged", format_count(what.unchanged));
}

}  // namespace

conformance_diff diff(const record::conformance_result& before,
                      const record::conformance_result& after) {
  using pair = std::pair<const record::test_record*, const record::test_record*>;
  std::map<std::pair<std::string, std::string>, pair> both;
  for (const auto& test : before.tests) both[{test.id, test.version}].first = &test;
  for (const auto& test : after.tests) both[{test.id, test.version}].second = &test;
  conformance_diff made{.before = words_of(before), .after = words_of(after)};
  for (const auto& [key, runs] : both) {
    if (is_same(runs.first, runs.second)) {
      ++made.unchanged;
      continue;
    }
    const auto& any = runs.second != nullptr ? *runs.second : *runs.first;
    made.changes.push_back({.change = change_of(runs.first, runs.second),
                            .id = key.first,
                            .version = key.second,
                            .title = any.title,
                            .before = words_of(runs.first),
                            .after = words_of(runs.second)});
  }
  std::stable_sort(made.changes.begin(), made.changes.end(),
                   [](const auto& a, const auto& b) { return a.change < b.change; });
  return made;
}

std::string to_text(const conformance_diff& what, const text_options& options) {
  auto out =
      fmt::format("\n  from  {}\n  to    {}\n\n", printable(what.before), printable(what.after));
  for (const auto& each : what.changes) {
    const auto words = words_of(each.change);
    out +=
        fmt::format("  {}  {:<5}  {}\n{:>18}{}\n{:>15}-> {}\n",
                    in_colour(options, words.tone, fmt::format("{:<7}", words.name)), each.version,
                    printable(each.id), "", printable(each.before), "", printable(each.after));
  }
  if (!what.changes.empty()) out += '\n';
  return out + counts_of(what) + "\n";
}

}  // namespace gauntlet::reports
