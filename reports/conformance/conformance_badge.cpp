#include <fmt/format.h>

#include "reports/conformance/conformance_reports.hpp"
#include "reports/escape.hpp"

namespace gauntlet::reports {
namespace {

using record::verdict;

std::string_view colour_of(verdict value) {
  switch (value) {
    case verdict::pass:
      return "#17794a";
    case verdict::warn:
      return "#8a5a00";
    case verdict::inconclusive:
      return "#6244a8";
    case verdict::fail:
      return "#b8232f";
    case verdict::skipped:
      break;
  }
  return "#5a6570";
}

// The width is stated in the picture, so that the text fills it whatever the font.
int width_of(std::string_view text) { return 12 + 7 * static_cast<int>(text.size()); }

std::string message_of(const record::conformance_result& result) {
  std::string message;
  for (const auto& totals : result.totals) {
    if (record::count_verdicts(result, totals.version).total() == 0) continue;
    if (!message.empty()) message += ", ";
    message +=
        fmt::format("{}: {}/{}", totals.version, totals.numbered_kept, totals.numbered_testable);
  }
  return message.empty() ? "not run" : message;
}

std::string text_at(int x, int width, std::string_view text) {
  return fmt::format(
      "  <text x=\"{}\" y=\"14\" text-anchor=\"middle\" textLength=\"{}\" "
      "lengthAdjust=\"spacingAndGlyphs\">{}</text>\n",
      x + width / 2, width - 12, xml_escaped(text));
}

}  // namespace

std::string to_badge(const record::conformance_result& result) {
  const std::string label = "MQTT conformance";
  const auto message = message_of(result);
  const int left = width_of(label);
  const int right = width_of(message);
  return fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0}\" height=\"20\" role=\"img\" "
      "aria-label=\"{1}: {2}\">\n"
      "  <title>{1}: {2} testable statements kept</title>\n"
      "  <clipPath id=\"r\"><rect width=\"{0}\" height=\"20\" rx=\"3\"/></clipPath>\n"
      "  <g clip-path=\"url(#r)\">\n"
      "    <rect width=\"{3}\" height=\"20\" fill=\"#3a434b\"/>\n"
      "    <rect x=\"{3}\" width=\"{4}\" height=\"20\" fill=\"{5}\"/>\n"
      "  </g>\n"
      "  <g fill=\"#fff\" font-family=\"Verdana,DejaVu Sans,sans-serif\" font-size=\"11\">\n"
      "{6}{7}  </g>\n</svg>\n",
      left + right, label, xml_escaped(message), left, right, colour_of(result.verdict),
      text_at(0, left, label), text_at(left, right, message));
}

}  // namespace gauntlet::reports
