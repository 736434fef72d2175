// Goal: in a real browser the page of a fuzzing campaign says what was found, draws its chart, and
// shows nothing of what a broker or client wrote as markup.

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reports/fuzz/fuzz_reports.hpp"
#include "tests/golden/sample_fuzz.hpp"
#include "tests/integration/reports/browser.hpp"

namespace gauntlet::reports {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(FuzzPage, TellsWhatWasFound) {
  const auto dom = dom_after_loading(to_html(golden::fuzz_with_findings()));
  EXPECT_THAT(dom, HasSubstr("2 findings: 1 crash, 1 protocol; 1 flaky"));
  EXPECT_THAT(dom, HasSubstr("crash-0badcafe"));
  EXPECT_THAT(dom, HasSubstr("MQTT-2.1.3-1"));
  EXPECT_THAT(dom, HasSubstr("mosquitto &amp; co. does not take a client any more"));
  EXPECT_THAT(dom, Not(HasSubstr("<b>full</b>")));
  EXPECT_THAT(dom, Not(HasSubstr("client_id=\"<i>\"")));
  EXPECT_THAT(dom, HasSubstr("<svg")) << "no chart";
}

TEST(FuzzPage, ACampaignThatFoundNothingSaysSo) {
  const auto dom = dom_after_loading(to_html(golden::fuzz_without_findings()));
  EXPECT_THAT(dom, HasSubstr("no findings"));
  EXPECT_THAT(dom, HasSubstr("interrupted"));
}

}  // namespace
}  // namespace gauntlet::reports
