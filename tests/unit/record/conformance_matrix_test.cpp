// Goal: several results become rows of tests and columns of brokers, with nothing invented for a
// test that a run did not have.

#include "harness/record/conformance_matrix.hpp"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/golden/sample_conformance.hpp"

namespace gauntlet::record {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

TEST(ConformanceMatrix, HasARowForEachTestOfAnyBroker) {
  const auto mixed = golden::mixed_conformance();
  const auto narrow = golden::narrow_conformance();
  const matrix_source sources[] = {{"mosquitto", "m/report.html", &mixed},
                                   {"rumqttd", "", &narrow}};
  const auto made = matrix_of(sources);
  ASSERT_THAT(made.columns, SizeIs(2));
  EXPECT_EQ(made.columns[0].product, "mosquitto 2.0.11");
  EXPECT_EQ(made.columns[0].report, "m/report.html");
  EXPECT_THAT(made.tests, SizeIs(17));
  const auto row = [&](std::string_view id, std::string_view version) {
    return *std::find_if(made.tests.begin(), made.tests.end(), [&](const matrix_test& each) {
      return each.id == id && each.version == version;
    });
  };
  EXPECT_THAT(row("MQTT-3.1.0-2/second-connect", "3.1.1").verdicts,
              ElementsAre(test_verdict::pass, test_verdict::pass));
  EXPECT_THAT(row("MQTT-3.1.0-2/second-connect", "3.1.1").findings, IsEmpty());
  EXPECT_THAT(row("MQTT-3.1.0-2/second-connect", "5.0").findings,
              ElementsAre(matrix_finding{1, "no MQTT 5"}));
  EXPECT_THAT(row("MQTT-3.1.2-8/connection-broken", "5.0").verdicts,
              ElementsAre(test_verdict::fail, test_verdict::not_run));
}

}  // namespace
}  // namespace gauntlet::record
