// Goal: in a real browser the matrix counts, opens a row into its tests, and leads from a verdict
// into the broker's own report.

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reports/conformance/conformance_matrix_page.hpp"
#include "tests/golden/sample_conformance.hpp"
#include "tests/integration/reports/browser.hpp"

namespace gauntlet::reports {
namespace {

using testing::HasSubstr;
using testing::Not;

// The page after what a user did; a failure if a script of it failed.
std::string after(const std::string& script) {
  const std::string verbs = R"js(
    const form = document.querySelector(".filters");
    const set = (name, value) => { form.elements[name].value = value; form.dispatchEvent(new Event("input")); };
    const open = (row) => document.querySelector(`tbody[data-row="${row}"] button`).click();
  )js";
  const auto dom = dom_after_loading(with_script(to_html(golden::sample_matrix()), verbs + script));
  const auto tag = dom.substr(0, dom.find('>', dom.find("<html")));
  EXPECT_THAT(tag, HasSubstr("data-script-errors=\"0\""));
  EXPECT_THAT(tag, HasSubstr("data-ready=\"true\""));
  const auto begin = dom.find("<main>");
  return tag + dom.substr(begin, dom.find("</main>") - begin);
}

TEST(MatrixPage, CountsTestsOfEachThemeAndBroker) {
  const auto page = after("");
  EXPECT_THAT(page, HasSubstr("data-shown-tests=\"17\""));
  EXPECT_THAT(page, HasSubstr("<small>mosquitto 2.0.11</small>"));
  EXPECT_THAT(page, HasSubstr("<b>5</b> of 8 kept"));
  EXPECT_THAT(page, HasSubstr("the run did not complete"));
  EXPECT_THAT(page, HasSubstr("data-row=\"Wills\""));
  EXPECT_THAT(page, HasSubstr("<span class=\"bad\">1 failed</span>"));
  EXPECT_THAT(page, HasSubstr("2 undecided"));
  EXPECT_THAT(page, Not(HasSubstr("class=\"test-row\"")));
}

TEST(MatrixPage, OpensARowIntoItsTestsWithLinksToTheEvidence) {
  const auto page = after("open('Wills');");
  EXPECT_THAT(page, HasSubstr("class=\"test-row\""));
  EXPECT_THAT(page, HasSubstr("href=\"mosquitto/report.html#5.0:MQTT-3.1.2-8/connection-broken\""));
  EXPECT_THAT(page, HasSubstr("expected PUBLISH of \"gone\", observed nothing for 5s"));
}

TEST(MatrixPage, ClosesARow) {
  EXPECT_THAT(after("open('Wills'); open('Wills');"), Not(HasSubstr("class=\"test-row\"")));
}

TEST(MatrixPage, FiltersByVersionTextAndDifference) {
  EXPECT_THAT(after("set('version', '3.1.1');"), HasSubstr("data-shown-tests=\"6\""));
  EXPECT_THAT(after("set('text', 'second CONNECT');"), HasSubstr("data-shown-tests=\"2\""));
  EXPECT_THAT(after("set('show', 'failed');"), HasSubstr("data-shown-tests=\"3\""));
  EXPECT_THAT(after("set('show', 'differ');"), HasSubstr("data-shown-tests=\"5\""));
}

TEST(MatrixPage, GroupsByChapter) {
  EXPECT_THAT(after("set('rows', 'chapter');"), HasSubstr("data-row=\"\u00a73.1\""));
}

TEST(MatrixPage, EscapesWhatComesFromOutside) {
  EXPECT_THAT(after("open('Shared subscriptions');"),
              HasSubstr("&lt;b&gt;+&lt;/b&gt; &amp; {{mustache}}"));
}

}  // namespace
}  // namespace gauntlet::reports
