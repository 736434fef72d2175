#include "conformance/proof/proof.hpp"

#include <utility>

#include "conformance/proof/proof_arena.hpp"
#include "conformance/suite/run_case.hpp"
#include "harness/base/assert.hpp"

namespace gauntlet::conformance {
namespace {

case_result run_with(std::vector<broker::defect_switch> defects, const test_case& of,
                     mqtt::protocol_version version) {
  broker::options how = settings_for(of);
  how.defects = std::move(defects);
  proof_arena where(std::move(how));
  return run_case(where.where(), of, version);
}

bool counts_on(const caught_defect& defect, mqtt::protocol_version version) {
  using in = caught_defect::in;
  const bool is_v5 = version == mqtt::protocol_version::v5;
  return defect.versions != (is_v5 ? in::v3_1_1_only : in::v5_only);
}

}  // namespace

bool proof_step::holds() const {
  return result.verdict == (defect.empty() ? verdict::pass : verdict::fail);
}

case_result rehearse(const test_case& of, mqtt::protocol_version version) {
  return run_with({}, of, version);
}

std::vector<proof_step> prove(const test_case& of, mqtt::protocol_version version) {
  std::vector<proof_step> steps;
  steps.push_back({.defect = {}, .result = rehearse(of, version)});
  for (const caught_defect& each : of.defects) {
    if (!counts_on(each, version)) continue;
    const auto defect = broker::parse_defect(each.name);
    GAUNTLET_ASSERT(defect.has_value());
    steps.push_back({.defect = each.name, .result = run_with({*defect}, of, version)});
  }
  return steps;
}

std::string summary_of(const case_result& result) {
  std::string text(to_string(result.verdict));
  if (!result.reason.empty()) text += ": " + result.reason;
  if (const auto& first = result.first_divergence) {
    text += "; " + first->client + " expected " + first->expected + ", saw " + first->observed;
  }
  return text;
}

}  // namespace gauntlet::conformance
