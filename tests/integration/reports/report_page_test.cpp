// Goal: in a real browser the page runs without a script error, draws its charts, and every figure
// on it is the one in result.json.

#include <regex>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reports/html.hpp"
#include "tests/golden/sample_run.hpp"
#include "tests/integration/reports/browser.hpp"
#include "tests/integration/reports/figure_lookup.hpp"

namespace gauntlet::reports {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

std::string html_tag(const std::string& dom) {
  const auto begin = dom.find("<html");
  return begin == std::string::npos ? "" : dom.substr(begin, dom.find('>', begin) - begin);
}

std::vector<std::string> canvases(const std::string& dom) {
  const std::regex canvas("<canvas[^>]*>");
  return {std::sregex_token_iterator(dom.begin(), dom.end(), canvas), {}};
}

std::size_t count_of(std::string_view text, std::string_view part) {
  std::size_t count = 0;
  for (std::size_t at = 0; (at = text.find(part, at)) != std::string_view::npos; ++at) ++count;
  return count;
}

void expect_runs(const std::string& dom) {
  EXPECT_THAT(html_tag(dom), HasSubstr("data-script-errors=\"0\""));
  EXPECT_THAT(html_tag(dom), HasSubstr("data-ready=\"true\""));
}

void expect_all_charts(const std::string& dom) {
  const auto drawn = canvases(dom);
  EXPECT_EQ(drawn.size(), 8U);
  for (const auto& canvas : drawn) {
    EXPECT_THAT(canvas, HasSubstr("data-drawn=\"true\""));
    EXPECT_THAT(canvas, testing::ContainsRegex("data-points=\"[1-9]"));
  }
}

void expect_figures_of(const record::run_result& run, const std::string& dom) {
  const auto figures = figures_on(dom);
  const figure_truth truths(run);
  EXPECT_GT(figures.size(), 20U);
  EXPECT_EQ(figures.size(), count_of(dom, " data-figure=\"")) << "not all figures were understood";
  for (const auto& figure : figures) {
    const auto truth = truths.at(figure.path);
    ASSERT_TRUE(truth) << figure.path;
    EXPECT_EQ(std::stod(figure.value), *truth) << figure.path;
    const auto shown = number_of_text(figure.text);
    ASSERT_TRUE(shown) << figure.path << " says " << figure.text;
    const auto is_count = figure.text.find_first_not_of("0123456789,") == std::string::npos;
    EXPECT_NEAR(*shown, *truth, is_count ? 0 : *truth * 0.006) << figure.path;
  }
}

TEST(ReportPage, OfAPassedRunRunsAndTellsTheTruth) {
  const auto run = golden::passed_run();
  const auto dom = dom_after_loading(to_html(run));
  expect_runs(dom);
  expect_all_charts(dom);
  expect_figures_of(run, dom);
  EXPECT_THAT(dom, HasSubstr("<h1>Passed</h1>"));
}

TEST(ReportPage, OfAFailedRunEscapesWhatComesFromOutside) {
  const auto run = golden::failed_run();
  const auto dom = dom_after_loading(to_html(run));
  expect_runs(dom);
  expect_all_charts(dom);
  expect_figures_of(run, dom);
  EXPECT_THAT(dom, HasSubstr("<h1>Failed</h1>"));
  EXPECT_THAT(dom, HasSubstr("<title>Failed: quick &amp; &lt;dirty&gt;"));
  EXPECT_THAT(dom, Not(HasSubstr("<script>fail()")));
  EXPECT_THAT(dom, HasSubstr("{{name}} and {{{source}}}"));
}

TEST(ReportPage, OfACutRunLeavesOutChartsWithoutData) {
  const auto run = golden::cut_run();
  const auto dom = dom_after_loading(to_html(run));
  expect_runs(dom);
  expect_figures_of(run, dom);
  EXPECT_THAT(dom, testing::ContainsRegex("<figure hidden=\"\">.*chart-latency"));
}

TEST(ReportPage, OfARunThatMeasuredNothingRuns) {
  const auto dom = dom_after_loading(to_html(record::run_result{}));
  expect_runs(dom);
  EXPECT_THAT(canvases(dom), IsEmpty());
}

// The tests above rely on it that errors are seen.
TEST(ReportPage, CountsScriptErrors) {
  auto page = to_html(golden::cut_run());
  const std::string place = "root.dataset.ready = \"true\"";
  ASSERT_NE(page.find(place), std::string::npos);
  page.replace(page.find(place), place.size(), "throw new Error(\"planted\")");
  const auto dom = dom_after_loading(page);
  EXPECT_THAT(html_tag(dom), HasSubstr("data-script-errors=\"1\""));
  EXPECT_THAT(html_tag(dom), HasSubstr("planted"));
}

}  // namespace
}  // namespace gauntlet::reports
