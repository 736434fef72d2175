// Goal: what changed between two runs is told test by test, the gravest first.

#include "reports/conformance/conformance_diff.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/golden/sample_conformance.hpp"

namespace gauntlet::reports {
namespace {

using record::test_verdict;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

record::test_record& find(record::conformance_result& in, std::string_view id) {
  for (auto& test : in.tests) {
    if (test.id == id && test.version == "5.0") return test;
  }
  throw std::logic_error("no such test");
}

TEST(ConformanceDiff, OfARunWithItselfIsEmpty) {
  const auto run = golden::mixed_conformance();
  const auto same = diff(run, run);
  EXPECT_THAT(same.changes, IsEmpty());
  EXPECT_EQ(same.unchanged, run.tests.size());
  EXPECT_THAT(to_text(same), HasSubstr("17 unchanged\n"));
}

TEST(ConformanceDiff, TellsWhatBrokeChangedWasRemovedAddedAndMended) {
  const auto before = golden::mixed_conformance();
  auto after = before;
  find(after, "MQTT-3.1.0-2/second-connect").verdict = test_verdict::fail;
  find(after, "MQTT-3.1.2-8/connection-broken").divergence->signature = "otherwise";
  find(after, "MQTT-3.3.4-2/highest-qos").id = "MQTT-3.3.4-2/renamed";
  find(after, "PE-3.3.2.3.4-a/zero").verdict = test_verdict::pass;
  const auto made = diff(before, after);
  ASSERT_THAT(made.changes, SizeIs(5));
  const test_change expected[] = {test_change::broke, test_change::changed, test_change::removed,
                                  test_change::added, test_change::mended};
  for (std::size_t i = 0; i < 5; ++i) EXPECT_EQ(made.changes[i].change, expected[i]);
  EXPECT_EQ(made.changes[0].id, "MQTT-3.1.0-2/second-connect");
  EXPECT_EQ(made.changes[0].before, "pass");
  EXPECT_EQ(made.changes[2].after, "not run");
  EXPECT_THAT(made.changes[4].before, HasSubstr("unstable: expected the end of the connection"));
  EXPECT_THAT(to_text(made), HasSubstr("1 broke, 1 changed, 1 removed, 1 added, 1 mended, "));
  EXPECT_THAT(to_text(made), HasSubstr("broke    5.0    MQTT-3.1.0-2/second-connect\n"));
}

TEST(ConformanceDiff, NamesBothRuns) {
  const auto made = diff(golden::mixed_conformance(), golden::narrow_conformance());
  EXPECT_THAT(to_text(made), HasSubstr("from  mosquitto 2.0.11, 2026-03-14T09:26\n"));
  EXPECT_THAT(to_text(made), HasSubstr("to    rumqttd 0.19.0, "));
}

}  // namespace
}  // namespace gauntlet::reports
