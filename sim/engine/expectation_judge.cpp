#include "sim/engine/expectation_judge.hpp"

#include <fmt/format.h>

#include "sim/engine/observation.hpp"

namespace gauntlet::sim {
namespace {

record::verdict verdict_of(const expectation& what, const observation& seen) {
  if (is_lower_bound(what.what)) {
    return seen.value >= what.limit ? record::verdict::pass : record::verdict::fail;
  }
  if (seen.value > what.limit) return record::verdict::fail;
  if (seen.value + seen.uncertain > what.limit) return record::verdict::inconclusive;
  return record::verdict::pass;
}

record::expectation_record judge(const expectation& what, std::string_view file,
                                 const run_evidence& run) {
  record::expectation_record record{.id = expectation_id(what),
                                    .where = fmt::format("{}:{}", file, what.where.line),
                                    .sentence = describe(what),
                                    .expected = describe_limit(what)};
  const std::optional<observation> seen = observe(what, run);
  record.observed = seen ? seen->text : nothing_seen(what);
  record.verdict = seen ? verdict_of(what, *seen) : record::verdict::inconclusive;
  return record;
}

}  // namespace

std::vector<record::expectation_record> judge_expectations(const scenario& described,
                                                           std::string_view file,
                                                           const record::measurements& measured,
                                                           duration publishing) {
  const run_evidence run{.described = described, .measured = measured, .publishing = publishing};
  std::vector<record::expectation_record> records;
  for (const expectation& what : described.expect) {
    const bool is_included = what.where.file != 0;
    records.push_back(
        judge(what, is_included ? described.origin.files[what.where.file] : file, run));
  }
  return records;
}

}  // namespace gauntlet::sim
