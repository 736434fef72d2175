// Goal: the suite of guarantees finds nothing in the reference broker, and finds what each of some
// defects breaks, in the scenario that is made for it and under the right name.

#include <algorithm>
#include <set>

#include <gtest/gtest.h>

#include "guarantees/run_suite.hpp"
#include "harness/net/asio_loop.hpp"
#include "harness/net/asio_network.hpp"
#include "tests/support/temporary_directory.hpp"

namespace gauntlet::guarantees {
namespace {

record::guarantees_result played(const std::string& only, const std::string& defect = {}) {
  const test::temporary_directory folder;
  net::asio_loop loop;
  net::asio_network network(loop);
  suite_options options{.target = {.run_folder = folder.path(), .keep_state = true},
                        .only = only,
                        .at_once = 24,
                        .survives = survival::kill,
                        .says = {},
                        .stop_wanted = {}};
  if (!defect.empty()) options.target.embedded.defects.push_back(*broker::parse_defect(defect));
  auto result = run_suite(options, network);
  EXPECT_TRUE(result) << result.error().message;
  return result ? std::move(*result) : record::guarantees_result();
}

std::string findings_of(const record::guarantee_scenario& scenario) {
  std::string text = scenario.remark;
  for (const auto& guarantee : scenario.guarantees) {
    for (const auto& each : guarantee.findings) {
      text += "\n  " + guarantee.rule + " " + each.class_name + ": " + each.sentence;
    }
  }
  return text;
}

TEST(GuaranteesSuite, NamesAreUniqueAndManyAreDeterministic) {
  const scenarios all = catalogue();
  std::set<std::string> names;
  for (const scenario& each : all) EXPECT_TRUE(names.insert(each.name).second) << each.name;
  const auto cuts = std::ranges::count_if(
      all, [](const scenario& each) { return each.name.starts_with("cut/"); });
  EXPECT_GE(cuts, 72);
  EXPECT_GE(all.size(), 150U);
}

TEST(GuaranteesSuite, NoScenarioOfThatNameIsBadInput) {
  net::asio_loop loop;
  net::asio_network network(loop);
  const auto result = run_suite({.only = "no such thing", .says = {}, .stop_wanted = {}}, network);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, exit_code::bad_input);
}

TEST(GuaranteesSuite, FindsNothingInTheReferenceBroker) {
  const auto result = played("");
  EXPECT_EQ(result.failure, "");
  EXPECT_EQ(result.scenarios.size(), catalogue().size());
  for (const auto& each : result.scenarios) {
    EXPECT_TRUE(record::is_success(each.verdict)) << each.name << ": " << findings_of(each);
  }
}

struct expected_breach {
  std::string defect;
  std::string scenario;
  std::string rule;
  std::string class_name;
};

void PrintTo(const expected_breach& breach, std::ostream* to) { *to << breach.defect; }

class SuiteOnDefect : public testing::TestWithParam<expected_breach> {};

TEST_P(SuiteOnDefect, FailsAndNamesTheGuarantee) {
  const auto result = played(GetParam().scenario, GetParam().defect);
  ASSERT_EQ(result.scenarios.size(), 1U);
  const record::guarantee_scenario& only = result.scenarios.front();
  EXPECT_EQ(only.verdict, record::verdict::fail);
  const bool named = std::ranges::any_of(only.guarantees, [](const auto& guarantee) {
    return guarantee.rule == GetParam().rule &&
           std::ranges::any_of(guarantee.findings, [](const auto& each) {
             return each.class_name == GetParam().class_name &&
                    each.verdict == record::verdict::fail && !each.witness.empty();
           });
  });
  EXPECT_TRUE(named) << findings_of(only);
}

INSTANTIATE_TEST_SUITE_P(
    All, SuiteOnDefect,
    testing::Values(
        expected_breach{"omit-redelivery", "cut/subscriber/qos1/before-publish/resumed/5.0", "D3",
                        "lost"},
        expected_breach{"redeliver-without-dup", "cut/subscriber/qos1/before-puback/resumed/3.1.1",
                        "D7", "redelivered-changed"},
        expected_breach{"omit-pubrel-at-resume", "cut/subscriber/qos2/before-pubcomp/resumed/5.0",
                        "D7", "not-redelivered"},
        expected_breach{"deliver-repeated-qos2-message",
                        "cut/publisher/qos2/before-pubrec/resumed/3.1.1", "D8", "taken-twice"},
        expected_breach{"forget-inbound-identifiers-at-resume",
                        "cut/publisher/qos2/before-pubrec/resumed/5.0", "D8", "taken-twice"},
        expected_breach{"forget-session-at-disconnect", "offline/disconnected/qos1/5.0", "S1",
                        "session-lost"},
        expected_breach{"reverse-queued-messages", "offline/disconnected/qos2/3.1.1", "O1",
                        "reordered"},
        expected_breach{"keep-session-at-clean-start", "session/begun-anew/5.0", "S2", "not-clean"},
        expected_breach{"keep-retained-on-empty-payload", "retained/deleted-around-cut/5.0", "R1",
                        "resurrected"},
        expected_breach{"publish-will-after-disconnect", "will/disconnected/5.0", "W2",
                        "will-although-cancelled"},
        expected_breach{"deliver-to-all-members", "shared/member-cut/qos2/5.0", "H2",
                        "shared-second-member"},
        expected_breach{"forget-retained-at-restart", "killed/retained/5.0", "R4",
                        "retained-lost"}),
    [](const auto& parameters) {
      std::string name = parameters.param.defect;
      std::ranges::replace(name, '-', '_');
      return name;
    });

}  // namespace
}  // namespace gauntlet::guarantees
