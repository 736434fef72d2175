#include "harness/record/conformance_matrix.hpp"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

namespace gauntlet::record {
namespace {

matrix_column column_of(const matrix_source& source) {
  const auto& result = *source.result;
  return {.name = source.name,
          .product = result.target.product,
          .report = source.report,
          .started = result.started,
          .seed = result.seed,
          .ending = result.ending,
          .verdict = result.verdict,
          .totals = result.totals,
          .capabilities = result.capabilities};
}

matrix_test row_of(const test_record& test, std::size_t columns) {
  return {.id = test.id,
          .version = test.version,
          .title = test.title,
          .theme = test.theme,
          .chapter = test.chapter,
          .level = test.level,
          .verdicts = std::vector<test_verdict>(columns, test_verdict::not_run)};
}

}  // namespace

conformance_matrix matrix_of(std::span<const matrix_source> sources) {
  conformance_matrix made;
  std::map<std::tuple<std::string, std::string, std::string>, matrix_test> rows;
  for (std::size_t column = 0; column < sources.size(); ++column) {
    const auto& result = *sources[column].result;
    made.tool_version = result.tool_version;
    made.columns.push_back(column_of(sources[column]));
    for (const auto& test : result.tests) {
      const auto key = std::tuple(test.theme, test.id, test.version);
      auto& row = rows.try_emplace(key, row_of(test, sources.size())).first->second;
      row.verdicts[column] = test.verdict;
      if (test.verdict == test_verdict::pass) continue;
      row.findings.push_back({static_cast<std::uint32_t>(column), finding_of(test)});
    }
  }
  made.tests.reserve(rows.size());
  for (auto& [key, row] : rows) made.tests.push_back(std::move(row));
  return made;
}

std::string finding_of(const test_record& test) {
  if (!test.divergence) return test.reason;
  return "expected " + test.divergence->expected + ", observed " + test.divergence->observed;
}

}  // namespace gauntlet::record
