// Goal: each statement that can be tested from outside has a test, a vector or an invariant, or it
// is written down here why not.

#include <set>

#include <gtest/gtest.h>

#include "conformance/cases/all_cases.hpp"
#include "conformance/invariants/all_invariants.hpp"
#include "conformance/statements/catalogue.hpp"
#include "conformance/vectors/all_vectors.hpp"

namespace gauntlet::conformance {
namespace {

struct untested_statement {
  std::string_view name;
  std::string_view why;
};

constexpr std::string_view permission = "a permission: whatever a broker does keeps it";
constexpr std::string_view as_above_maximum =
    "is refused as an alias above the maximum is, which is tested";
constexpr std::string_view no_such_text = "no broker known to us puts texts into AUTH";

constexpr untested_statement untested[] = {
    {"MQTT-3.2.2-18", as_above_maximum}, {"MQTT-3.15.2-2", no_such_text},
    {"MQTT-3.15.2-3", no_such_text},     {"PE-1.5.4-c", permission},
    {"PE-3.1.3.2.3-c", permission},      {"PR5-2.2.1-b", permission},
    {"PR5-3.1.2.11.4-a", permission},    {"PR5-3.8.4-a", permission},
    {"3.1.1:PR3-1.5.3-a", permission},   {"3.1.1:PR3-2.2.3-c", permission},
    {"3.1.1:PR3-3.1.2.4-a", permission}, {"3.1.1:PR3-3.1.2.10-a", permission},
    {"3.1.1:PR3-3.3.2.1-a", permission}, {"3.1.1:PR3-3.8.4-a", permission},
    {"3.1.1:PR3-3.8.4-c", permission},   {"3.1.1:PR3-3.10.4-a", permission},
    {"3.1.1:PR3-4.4-a", permission},     {"3.1.1:PR3-4.5-a", permission},
};

bool is_written_down(const statement_name& name) {
  for (const untested_statement& each : untested) {
    if (parse_statement_name(each.name) == name) return true;
  }
  return false;
}

std::set<statement_name> tested_statements() {
  suite all = all_cases();
  add_all_vectors(all);
  std::set<statement_name> tested;
  for (const test_case& each : all.cases()) tested.insert(each.covers.begin(), each.covers.end());
  for (const invariant& each : all_invariants()) {
    tested.insert(each.covers.begin(), each.covers.end());
  }
  return tested;
}

TEST(Tests, CoverEachStatementThatCanBeTested) {
  const std::set<statement_name> tested = tested_statements();
  const catalogue statements = load_catalogue();
  for (const statement& each : statements.all()) {
    if (!is_testable(each)) continue;
    EXPECT_NE(tested.contains(each.name), is_written_down(each.name))
        << to_string(each.name) << ": " << each.says;
  }
}

}  // namespace
}  // namespace gauntlet::conformance
