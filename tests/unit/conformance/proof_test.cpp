// Goal: every conformance test passes on the correct broker and fails on each broker with a defect
// that it names.

#include <gtest/gtest.h>

#include "conformance/cases/all_cases.hpp"
#include "conformance/statements/catalogue.hpp"
#include "conformance/suite/run_case.hpp"
#include "tests/unit/conformance/proof_arena.hpp"

namespace gauntlet::conformance {
namespace {

struct run_of_case {
  std::string id;
  mqtt::protocol_version version;
};

const suite& cases() {
  static const suite all = all_cases();
  return all;
}

std::vector<run_of_case> all_runs() {
  std::vector<run_of_case> runs;
  for (const test_case& each : cases().cases()) {
    for (const auto version : {mqtt::protocol_version::v3_1_1, mqtt::protocol_version::v5}) {
      if (each.runs_on(version)) runs.push_back({each.id, version});
    }
  }
  return runs;
}

case_result run(const run_of_case& what, std::vector<broker::defect_switch> defects = {}) {
  const test_case& of = *cases().find(what.id);
  broker::options how = settings_for(of);
  how.defects = std::move(defects);
  proof_arena where(std::move(how));
  return run_case(where.where(), of, what.version);
}

std::string show(const case_result& result) {
  std::string text(to_string(result.verdict));
  if (!result.reason.empty()) text += ": " + result.reason;
  if (const auto& first = result.first_divergence) {
    text += "; " + first->client + " expected " + first->expected + ", saw " + first->observed;
  }
  return text;
}

class ConformanceProof : public testing::TestWithParam<run_of_case> {};

TEST_P(ConformanceProof, PassesOnTheCorrectBroker) {
  const case_result result = run(GetParam());
  EXPECT_EQ(result.verdict, verdict::pass) << show(result);
  for (const manner_finding& each : result.manners) {
    ADD_FAILURE() << "expected " << each.expected << ", saw " << each.observed;
  }
}

TEST_P(ConformanceProof, FailsOnEachDefectThatItNames) {
  const test_case& of = *cases().find(GetParam().id);
  const bool is_v5 = GetParam().version == mqtt::protocol_version::v5;
  for (const caught_defect& each : of.defects) {
    using in = caught_defect::in;
    if (each.versions == (is_v5 ? in::v3_1_1_only : in::v5_only)) continue;
    const auto defect = broker::parse_defect(each.name);
    ASSERT_TRUE(defect.has_value()) << each.name;
    const case_result result = run(GetParam(), {*defect});
    EXPECT_EQ(result.verdict, verdict::fail) << each.name << ": " << show(result);
  }
}

std::string name_of(const testing::TestParamInfo<run_of_case>& info) {
  std::string name = info.param.id;
  for (char& letter : name) {
    if (std::isalnum(static_cast<unsigned char>(letter)) == 0) letter = '_';
  }
  return name + (info.param.version == mqtt::protocol_version::v5 ? "_v5" : "_v3");
}

INSTANTIATE_TEST_SUITE_P(All, ConformanceProof, testing::ValuesIn(all_runs()), name_of);

TEST(ConformanceCases, CoverStatementsThatCanBeTestedAndCatchDefects) {
  const catalogue statements = load_catalogue();
  for (const test_case& each : cases().cases()) {
    EXPECT_FALSE(each.defects.empty()) << each.id << " names no defect that it catches";
    for (const statement_name& name : each.covers) {
      const statement* const covered = statements.find(name);
      ASSERT_NE(covered, nullptr) << each.id << " covers " << to_string(name);
      EXPECT_TRUE(is_testable(*covered)) << each.id << " covers " << to_string(name);
    }
  }
}

}  // namespace
}  // namespace gauntlet::conformance
