// Goal: no test of the suite shows a breach of an invariant on the correct broker, and each defect
// that an invariant names breaks it, in a story beside this or in a test of the suite.

#include <algorithm>
#include <set>

#include <gtest/gtest.h>

#include "conformance/cases/all_cases.hpp"
#include "conformance/invariants/all_invariants.hpp"
#include "conformance/proof/proof_arena.hpp"
#include "conformance/statements/catalogue.hpp"
#include "conformance/suite/run_case.hpp"
#include "harness/mqtt/codec.hpp"
#include "tests/unit/conformance/invariants/exercise_stories.hpp"

namespace gauntlet::conformance {
namespace {

using mqtt::protocol_version;

constexpr protocol_version versions[] = {protocol_version::v3_1_1, protocol_version::v5};

const suite& cases() {
  static const suite all = all_cases();
  return all;
}

const std::vector<test_case>& stories() {
  static const std::vector<test_case> all = exercise_stories();
  return all;
}

case_result run(const test_case& of, protocol_version version,
                std::vector<broker::defect_switch> defects = {}) {
  broker::options how = settings_for(of);
  how.limits.inflight_max = 100;
  how.defects = std::move(defects);
  proof_arena where(std::move(how));
  return run_case(where.where(), of, version);
}

std::string show(const case_result& result) {
  std::string text = result.id + " on " + std::string(mqtt::version_name(result.version)) + ":";
  for (const invariant_breach& each : result.breaches) {
    text += "\n  " + each.invariant.id + " by " + each.client + ": " + each.text + "\n    " +
            to_hex(each.packet);
  }
  return text;
}

bool breaks(const case_result& result, const invariant_name& name) {
  return std::ranges::any_of(result.breaches,
                             [&](const auto& each) { return each.invariant == name; });
}

// Where a defect was shown to break an invariant; empty if nowhere.
std::string place_of_breach(const invariant_name& name, std::string_view defect) {
  const auto parsed = broker::parse_defect(defect);
  if (!parsed) return {};
  const auto shows = [&](const test_case& each) {
    return each.runs_on(name.version) && breaks(run(each, name.version, {*parsed}), name);
  };
  for (const test_case& each : stories()) {
    if (shows(each)) return each.id;
  }
  for (const test_case& each : cases().cases()) {
    if (shows(each)) return each.id;
  }
  return {};
}

TEST(Invariants, HaveTheirOwnIdsAndCoverStatementsThatCanBeTested) {
  const catalogue statements = load_catalogue();
  std::set<std::string> ids;
  for (const invariant& each : all_invariants()) {
    EXPECT_TRUE(ids.insert(each.id).second) << each.id;
    EXPECT_FALSE(each.covers.empty()) << each.id;
    for (const statement_name& name : each.covers) {
      const statement* const covered = statements.find(name);
      ASSERT_NE(covered, nullptr) << each.id << " covers " << to_string(name);
      EXPECT_TRUE(is_testable(*covered)) << each.id << " covers " << to_string(name);
    }
  }
}

TEST(Invariants, AreManyOnBothVersions) {
  const auto count = [](protocol_version version) {
    return std::ranges::count_if(all_invariants(),
                                 [version](const auto& each) { return each.counts_on(version); });
  };
  EXPECT_GE(count(protocol_version::v3_1_1), 40);
  EXPECT_GE(count(protocol_version::v5), 80);
}

TEST(Invariants, HoldOnTheCorrectBrokerInEachStory) {
  for (const test_case& each : stories()) {
    for (const protocol_version version : versions) {
      if (!each.runs_on(version)) continue;
      const case_result result = run(each, version);
      EXPECT_TRUE(result.breaches.empty()) << show(result);
    }
  }
}

TEST(Invariants, HoldOnTheCorrectBrokerInEachTest) {
  for (const test_case& each : cases().cases()) {
    for (const protocol_version version : versions) {
      if (!each.runs_on(version)) continue;
      const case_result result = run(each, version);
      EXPECT_TRUE(result.breaches.empty()) << show(result);
    }
  }
}

class InvariantProof : public testing::TestWithParam<invariant_name> {};

TEST_P(InvariantProof, BreaksByEachDefectThatItNames) {
  const invariant& of = *find_invariant(GetParam().id);
  for (const caught_defect& each : of.defects) {
    if (!each.counts_on(GetParam().version)) continue;
    EXPECT_NE(place_of_breach(GetParam(), each.name), "") << each.name << " shows nowhere";
  }
}

std::vector<invariant_name> all_names() {
  std::vector<invariant_name> names;
  for (const invariant& each : all_invariants()) {
    for (const protocol_version version : versions) {
      if (each.counts_on(version)) names.push_back({version, each.id});
    }
  }
  return names;
}

std::string name_of(const testing::TestParamInfo<invariant_name>& info) {
  std::string name = info.param.id.substr(std::string_view("invariant/").size());
  for (char& letter : name) {
    if (std::isalnum(static_cast<unsigned char>(letter)) == 0) letter = '_';
  }
  return name + (info.param.version == protocol_version::v5 ? "_v5" : "_v3");
}

INSTANTIATE_TEST_SUITE_P(All, InvariantProof, testing::ValuesIn(all_names()), name_of);

}  // namespace
}  // namespace gauntlet::conformance
