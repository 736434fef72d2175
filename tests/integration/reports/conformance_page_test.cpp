// Goal: in a real browser the page of a conformance run lists its tests, filters them, and opens a
// test with its evidence, by a click and by its address.

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reports/conformance/conformance_reports.hpp"
#include "tests/golden/sample_conformance.hpp"
#include "tests/integration/reports/browser.hpp"

namespace gauntlet::reports {
namespace {

using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;

std::string html_tag(const std::string& dom) {
  const auto begin = dom.find("<html");
  return begin == std::string::npos ? "" : dom.substr(begin, dom.find('>', begin) - begin);
}

// What stands between `begin` and `end`, without the record that the page holds.
std::string part_of(const std::string& dom, const std::string& begin, const std::string& end) {
  const auto from = dom.find(begin);
  if (from == std::string::npos) return "";
  return dom.substr(from, dom.find(end, from) - from);
}

std::string tests_on(const std::string& dom) {
  return part_of(dom, "<section id=\"tests\">", "<section id=\"statements\">");
}

void expect_runs(const std::string& dom) {
  EXPECT_THAT(html_tag(dom), HasSubstr("data-script-errors=\"0\""));
  EXPECT_THAT(html_tag(dom), HasSubstr("data-ready=\"true\""));
}

// What a user sees after setting filters.
std::string after(const std::string& script) {
  const std::string verbs = R"js(
    const form = document.querySelector("#tests .filters");
    const changed = () => form.dispatchEvent(new Event("input", { bubbles: true }));
    const set = (name, value) => { form.elements[name].value = value; changed(); };
    const check = (verdict) => { form.querySelector(`[value=${verdict}]`).checked = true; changed(); };
  )js";
  return dom_after_loading(with_script(to_html(golden::mixed_conformance()), verbs + script));
}

TEST(ConformancePage, ListsAllTestsAndEscapesWhatComesFromOutside) {
  const auto dom = dom_after_loading(to_html(golden::mixed_conformance()));
  expect_runs(dom);
  EXPECT_THAT(html_tag(dom), HasSubstr("data-shown-tests=\"17\""));
  EXPECT_THAT(dom, HasSubstr("<h1>Does not conform</h1>"));
  EXPECT_THAT(dom, HasSubstr("1 of 9, and why"));
  EXPECT_THAT(tests_on(dom), HasSubstr("data-theme=\"Wills\""));
  EXPECT_THAT(dom, Not(HasSubstr("<b>+</b>")));
}

TEST(ConformancePage, FiltersByVerdict) {
  const auto dom = after("check('fail');");
  expect_runs(dom);
  EXPECT_THAT(html_tag(dom), HasSubstr("data-shown-tests=\"2\""));
  EXPECT_THAT(tests_on(dom), HasSubstr("id=\"5.0:MQTT-3.1.2-8/connection-broken\""));
  EXPECT_THAT(tests_on(dom), Not(HasSubstr("data-theme=\"Connect\"")));
  EXPECT_THAT(tests_on(dom), Not(HasSubstr("id=\"5.0:PE-3.3.2.3.4-a/zero\"")));
}

TEST(ConformancePage, TwoVerdictsShowTheTestsOfBoth) {
  EXPECT_THAT(html_tag(after("check('fail'); check('unstable');")),
              HasSubstr("data-shown-tests=\"3\""));
}

TEST(ConformancePage, FiltersByVersionAndTheme) {
  EXPECT_THAT(html_tag(after("set('version', '3.1.1');")), HasSubstr("data-shown-tests=\"6\""));
  const auto dom = after("set('version', '3.1.1'); set('theme', 'Keep alive');");
  EXPECT_THAT(html_tag(dom), HasSubstr("data-shown-tests=\"2\""));
  EXPECT_THAT(tests_on(dom), HasSubstr("2 of 17 tests"));
}

TEST(ConformancePage, SearchesTitlesFindingsAndStatements) {
  EXPECT_THAT(html_tag(after("set('text', 'SHARE name');")), HasSubstr("data-shown-tests=\"1\""));
  EXPECT_THAT(html_tag(after("set('text', 'quota exceeded');")),
              HasSubstr("data-shown-tests=\"1\""));
  EXPECT_THAT(html_tag(after("set('text', 'mqtt-3.1.2-24');")),
              HasSubstr("data-shown-tests=\"2\""));
  EXPECT_THAT(html_tag(after("set('text', 'no such thing');")),
              HasSubstr("data-shown-tests=\"0\""));
}

TEST(ConformancePage, ClearsItsFilters) {
  const auto dom = after(
      "check('fail'); set('text', 'will'); form.reset(); show();"
      "function show() { changed(); }");
  EXPECT_THAT(html_tag(dom), HasSubstr("data-shown-tests=\"17\""));
}

void expect_evidence_of_the_will(const std::string& dom) {
  const auto shown = tests_on(dom);
  EXPECT_THAT(shown, HasSubstr("The will is published when the connection ends without"));
  EXPECT_THAT(shown, HasSubstr("https://docs.oasis-open.org/mqtt/mqtt/v5.0/os/mqtt-v5.0-os.html"));
  EXPECT_THAT(shown, HasSubstr("<dd>nothing for 5s</dd>"));
  EXPECT_THAT(shown, HasSubstr("A will of the same client was published"));
  EXPECT_THAT(shown, HasSubstr("<span class=\"packet\">SUBSCRIBE</span> 1: gauntlet/"));
  EXPECT_THAT(shown, HasSubstr("90 04 00 01 00 01"));
  EXPECT_THAT(shown, HasSubstr("Expected here:"));
  EXPECT_THAT(shown, HasSubstr("| nc -q1 127.0.0.1"));
  EXPECT_THAT(shown, HasSubstr("import socket"));
  EXPECT_THAT(shown, HasSubstr("--only MQTT-3.1.2-8/connection-broken"));
  EXPECT_THAT(shown, HasSubstr(">Copy</button>"));
}

TEST(ConformancePage, OpensATestByAClick) {
  const auto dom = after(
      "check('fail'); "
      "document.getElementById('5.0:MQTT-3.1.2-8/connection-broken').firstChild.click();");
  expect_runs(dom);
  expect_evidence_of_the_will(dom);
}

TEST(ConformancePage, OpensATestByItsAddress) {
  const auto page = to_html(golden::mixed_conformance());
  for (const auto* address :
       {"#MQTT-3.1.2-8/connection-broken", "#5.0:MQTT-3.1.2-8/connection-broken"}) {
    const auto dom = dom_after_loading(page, address);
    expect_runs(dom);
    expect_evidence_of_the_will(dom);
  }
}

TEST(ConformancePage, ClosesATestByASecondClick) {
  const auto dom = after(
      "check('fail'); const row = document.getElementById('5.0:MQTT-3.1.2-8/connection-broken')"
      ".firstChild; row.click(); row.click();");
  expect_runs(dom);
  EXPECT_THAT(tests_on(dom), Not(HasSubstr("class=\"evidence\"")));
}

TEST(ConformancePage, FiltersByItsAddress) {
  const auto dom = dom_after_loading(to_html(golden::mixed_conformance()),
                                     "#filter?version=5.0&verdict=fail&verdict=unstable");
  expect_runs(dom);
  EXPECT_THAT(html_tag(dom), HasSubstr("data-shown-tests=\"3\""));
}

TEST(ConformancePage, ShowsBothAttemptsOfAnUnstableTestAndWhatBrokeAnInvariant) {
  const auto dom =
      dom_after_loading(to_html(golden::mixed_conformance()), "#5.0:PE-3.3.2.3.4-a/zero");
  expect_runs(dom);
  const auto shown = tests_on(dom);
  EXPECT_THAT(shown, HasSubstr("2 of 4 runs passed."));
  EXPECT_THAT(shown, HasSubstr("The same, repeated alone (repetition 1)"));
  EXPECT_THAT(shown, HasSubstr("connection was reset"));
  EXPECT_THAT(shown, HasSubstr("d0 80 00"));
}

TEST(ConformancePage, ShowsTheStatementsOfAKindAndWhyOnesAreNotVisible) {
  const auto dom = dom_after_loading(to_html(golden::mixed_conformance()),
                                     "#statements?version=5.0&show=hidden");
  expect_runs(dom);
  const auto shown = part_of(dom, "<section id=\"statements\">", "<section id=\"capabilities\">");
  EXPECT_THAT(shown, HasSubstr("Not visible from outside: a duty of clients alone"));
  EXPECT_THAT(shown, HasSubstr("1 statement<"));
}

TEST(ConformancePage, ACauseListsItsTests) {
  const auto page = with_script(to_html(golden::narrow_conformance()),
                                "document.querySelector('.cause').open = true;");
  // The list is made when the browser tells that the cause was opened, which is after the scripts.
  const auto dom = dom_after_loading(page);
  expect_runs(dom);
  EXPECT_THAT(part_of(dom, "<section id=\"causes\">", "</section>"),
              testing::AllOf(HasSubstr("no MQTT 5: 5 tests blocked"),
                             HasSubstr("href=\"#5.0:MQTT-3.1.0-2/second-connect\"")));
}

TEST(ConformancePage, OfThousandsOfTestsRuns) {
  const auto dom =
      dom_after_loading(to_html(golden::large_conformance(6500)), "#filter?theme=Fixed+header");
  expect_runs(dom);
  EXPECT_THAT(html_tag(dom), HasSubstr("data-shown-tests=\"6500\""));
}

TEST(ConformancePage, OfARunThatTestedNothingRuns) {
  expect_runs(dom_after_loading(to_html(record::conformance_result{})));
}

}  // namespace
}  // namespace gauntlet::reports
