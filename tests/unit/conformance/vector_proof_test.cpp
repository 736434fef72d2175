// Goal: every vector passes on the correct broker, fails with each defect that it names, and passes
// on no server that implements nothing. Whole families run in one test, for there are thousands.

#include <map>
#include <set>

#include <gtest/gtest.h>

#include "conformance/proof/proof_arena.hpp"
#include "conformance/statements/catalogue.hpp"
#include "conformance/suite/run_case.hpp"
#include "conformance/vectors/all_vectors.hpp"
#include "harness/base/virtual_loop.hpp"
#include "harness/net/memory_network.hpp"
#include "tests/unit/conformance/null_brokers.hpp"

namespace gauntlet::conformance {
namespace {

constexpr mqtt::protocol_version versions[] = {mqtt::protocol_version::v3_1_1,
                                               mqtt::protocol_version::v5};

const suite& vectors() {
  static const suite all = [] {
    suite made;
    add_all_vectors(made);
    return made;
  }();
  return all;
}

// "vector/bad-text/..." is of the family "bad-text".
std::string family_of(const test_case& vector) {
  const std::size_t start = vector.id.find('/') + 1;
  return vector.id.substr(start, vector.id.find('/', start) - start);
}

std::vector<std::string> families() {
  std::set<std::string> names;
  for (const test_case& each : vectors().cases()) names.insert(family_of(each));
  return {names.begin(), names.end()};
}

std::string show(const test_case& vector, mqtt::protocol_version version,
                 const case_result& result) {
  std::string text = vector.id + " in " + std::string(mqtt::version_name(version)) + ": " +
                     std::string(to_string(result.verdict)) + " " + result.reason;
  if (const auto& first = result.first_divergence) {
    text += "; " + first->client + " expected " + first->expected + ", saw " + first->observed;
  }
  return text;
}

class VectorProof : public testing::TestWithParam<std::string> {
 protected:
  template <class Visit>
  void for_each_vector(Visit&& visit) {
    for (const test_case& each : vectors().cases()) {
      if (family_of(each) != GetParam()) continue;
      for (const auto version : versions) {
        if (each.runs_on(version)) visit(each, version);
      }
    }
  }
};

// One broker serves them all, as a real one does.
TEST_P(VectorProof, PassesOnTheCorrectBroker) {
  proof_arena where;
  std::uint64_t serial = 0;
  for_each_vector([&](const test_case& each, mqtt::protocol_version version) {
    const case_result result = run_case(where.where(), each, version, ++serial);
    EXPECT_EQ(result.verdict, verdict::pass) << show(each, version, result);
    for (const manner_finding& found : result.manners) {
      ADD_FAILURE() << each.id << " expected " << found.expected << ", saw " << found.observed;
    }
    for (const invariant_breach& breach : result.breaches) {
      ADD_FAILURE() << each.id << " met a breach of " << breach.invariant.id << ": " << breach.text;
    }
  });
}

TEST_P(VectorProof, FailsOnEachDefectThatItNames) {
  using in = caught_defect::in;
  std::map<std::string_view, std::unique_ptr<proof_arena>> arenas;
  std::uint64_t serial = 0;
  for_each_vector([&](const test_case& each, mqtt::protocol_version version) {
    const bool is_v5 = version == mqtt::protocol_version::v5;
    std::size_t caught = 0;
    for (const caught_defect& defect : each.defects) {
      if (defect.versions == (is_v5 ? in::v3_1_1_only : in::v5_only)) continue;
      const auto which = broker::parse_defect(defect.name);
      ASSERT_TRUE(which.has_value()) << defect.name;
      auto& where = arenas[defect.name];
      if (!where) where = std::make_unique<proof_arena>(broker::options{.defects = {*which}});
      const case_result result = run_case(where->where(), each, version, ++serial);
      EXPECT_EQ(result.verdict, verdict::fail)
          << defect.name << ": " << show(each, version, result);
      ++caught;
    }
    EXPECT_NE(caught, 0U) << each.id << " names no defect in " << mqtt::version_name(version);
  });
}

TEST_P(VectorProof, PassesOnNoNullBroker) {
  for (const null_broker_behaviour& how : null_brokers()) {
    virtual_loop loop;
    net::memory_network network(loop);
    const net::endpoint address{.host = "null", .port = 1883};
    const null_broker broker(network, address, how);
    arena where{.network = network,
                .endpoint_for = [&](mqtt::protocol_version) { return address; }};
    where.able_v5.topic_alias_maximum = 10;
    for_each_vector([&](const test_case& each, mqtt::protocol_version version) {
      const case_result result = run_case(where, each, version);
      const bool passed = result.verdict == verdict::pass || result.verdict == verdict::variant;
      EXPECT_FALSE(passed) << how.name << ": " << show(each, version, result);
    });
  }
}

std::string name_of(const testing::TestParamInfo<std::string>& info) {
  std::string name = info.param;
  for (char& letter : name) {
    if (letter == '-') letter = '_';
  }
  return name;
}

INSTANTIATE_TEST_SUITE_P(All, VectorProof, testing::ValuesIn(families()), name_of);

TEST(Vectors, CoverStatementsThatCanBeTested) {
  const catalogue statements = load_catalogue();
  for (const test_case& each : vectors().cases()) {
    for (const statement_name& name : each.covers) {
      const statement* const covered = statements.find(name);
      ASSERT_NE(covered, nullptr) << each.id << " covers " << to_string(name);
      EXPECT_TRUE(is_testable(*covered)) << each.id << " covers " << to_string(name);
    }
  }
}

TEST(Vectors, AreThousands) {
  std::map<mqtt::protocol_version, std::size_t> counts;
  std::map<std::string, std::map<mqtt::protocol_version, std::size_t>> by_family;
  for (const test_case& each : vectors().cases()) {
    for (const auto version : versions) {
      if (!each.runs_on(version)) continue;
      ++counts[version];
      ++by_family[family_of(each)][version];
    }
  }
  for (auto& [family, count] : by_family) {
    RecordProperty(family,
                   std::to_string(count[versions[0]]) + " " + std::to_string(count[versions[1]]));
  }
  EXPECT_GE(counts[mqtt::protocol_version::v3_1_1], 1'500U);
  EXPECT_GE(counts[mqtt::protocol_version::v5], 4'000U);
}

}  // namespace
}  // namespace gauntlet::conformance
