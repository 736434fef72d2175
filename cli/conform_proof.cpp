#include "cli/conform_proof.hpp"

#include <fmt/format.h>

#include "conformance/proof/proof.hpp"
#include "harness/base/units.hpp"

namespace gauntlet::cli {
namespace {

void print(const conformance::planned_test& test, const conformance::proof_step& step) {
  fmt::print("{:<5}  {:<48}  {:<48}  {}{}\n", mqtt::version_name(test.version), test.test->id,
             step.defect.empty() ? "(correct broker)" : step.defect, to_string(step.result.verdict),
             step.holds() ? "" : "  NOT PROVEN: " + conformance::summary_of(step.result));
}

}  // namespace

exit_code prove_tests(const std::vector<conformance::planned_test>& plan, bool quiet) {
  std::size_t steps = 0;
  std::size_t missed = 0;
  for (const conformance::planned_test& test : plan) {
    for (const conformance::proof_step& step : prove(*test.test, test.version)) {
      ++steps;
      if (!step.holds()) ++missed;
      if (!quiet || !step.holds()) print(test, step);
    }
  }
  fmt::print("{} tests, {} of {} proofs hold\n", format_count(plan.size()),
             format_count(steps - missed), format_count(steps));
  return missed == 0 ? exit_code::ok : exit_code::internal_error;
}

}  // namespace gauntlet::cli
