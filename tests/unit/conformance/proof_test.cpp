// Goal: every conformance test passes on the correct broker and fails on each broker with a defect
// that it names.

#include "conformance/proof/proof.hpp"

#include <gtest/gtest.h>

#include "conformance/cases/all_cases.hpp"
#include "conformance/statements/catalogue.hpp"
#include "harness/broker/defects.hpp"

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

const test_case& case_of(const run_of_case& what) { return *cases().find(what.id); }

class ConformanceProof : public testing::TestWithParam<run_of_case> {};

TEST_P(ConformanceProof, PassesOnTheCorrectBroker) {
  const case_result result = rehearse(case_of(GetParam()), GetParam().version);
  EXPECT_EQ(result.verdict, verdict::pass) << summary_of(result);
  for (const manner_finding& each : result.manners) {
    ADD_FAILURE() << "expected " << each.expected << ", saw " << each.observed;
  }
}

TEST_P(ConformanceProof, FailsOnEachDefectThatItNames) {
  const std::vector<proof_step> steps = prove(case_of(GetParam()), GetParam().version);
  EXPECT_GT(steps.size(), 1U) << "it names no defect for this version";
  for (const proof_step& each : steps) {
    EXPECT_TRUE(each.holds()) << each.defect << ": " << summary_of(each.result);
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
    for (const caught_defect& defect : each.defects) {
      EXPECT_TRUE(broker::parse_defect(defect.name).has_value()) << each.id << ": " << defect.name;
    }
    for (const statement_name& name : each.covers) {
      const statement* const covered = statements.find(name);
      ASSERT_NE(covered, nullptr) << each.id << " covers " << to_string(name);
      EXPECT_TRUE(is_testable(*covered)) << each.id << " covers " << to_string(name);
    }
  }
}

}  // namespace
}  // namespace gauntlet::conformance
