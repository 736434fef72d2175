#include "reports/junit.hpp"

#include <chrono>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "reports/escape.hpp"
#include "reports/summary.hpp"
#include "reports/witness.hpp"

namespace gauntlet::reports {
namespace {

using record::verdict;

// Of each guarantee; result.json holds more.
constexpr std::size_t findings_shown = 5;

// `file="..." line="..."` of "scenarios/a.yaml:41", if that is its form.
std::string place_attributes(std::string_view where) {
  const auto colon = where.rfind(':');
  if (colon == std::string_view::npos) return "";
  const auto line = where.substr(colon + 1);
  if (line.empty() || line.find_first_not_of("0123456789") != std::string_view::npos) return "";
  return fmt::format(" file=\"{}\" line=\"{}\"", xml_escaped(where.substr(0, colon)), line);
}

struct test_case {
  std::string name;
  std::string where;
  record::verdict verdict;
  std::string message;
  /// Lines that show it; may be empty.
  std::string evidence = {};
};

std::vector<test_case> cases_of(const record::run_result& run) {
  const auto complete = run.ending == record::ending::complete;
  std::vector<test_case> cases{{"The run completes", "",
                                complete ? verdict::pass : verdict::inconclusive,
                                run.ending_sentence}};
  for (const auto& each : run.expectations) {
    cases.push_back({each.sentence, each.where, each.verdict,
                     fmt::format("expected {}, observed {}", each.expected, each.observed)});
    if (const auto* guarantee = guarantee_of(run, each); guarantee != nullptr) {
      cases.back().evidence = findings_text(*guarantee, "", findings_shown);
    }
  }
  return cases;
}

// Line by line: within an element the ends of lines stay as they are.
std::string escaped_lines(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const auto end = text.find('\n');
    out += xml_escaped(text.substr(0, end)) + '\n';
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return out;
}

std::string body_of(const test_case& each) {
  const auto message = xml_escaped(each.message);
  const auto evidence = escaped_lines(each.evidence);
  const auto element = [&](std::string_view name, std::string_view type) {
    const auto opening = fmt::format("      <{} type=\"{}\" message=\"{}\"", name, type, message);
    return evidence.empty() ? opening + "/>\n"
                            : fmt::format("{}>\n{}</{}>\n", opening, evidence, name);
  };
  switch (each.verdict) {
    case verdict::pass:
      return "";
    case verdict::warn:
      return fmt::format("      <system-out>warning: {}{}{}</system-out>\n", message,
                         evidence.empty() ? "" : "\n", evidence);
    case verdict::skipped:
      return fmt::format("      <skipped message=\"not judged\"/>\n");
    case verdict::inconclusive:
      return element("error", "undecided");
    case verdict::fail:
      return element("failure", "not met");
  }
  return "";
}

}  // namespace

std::string to_junit(const record::run_result& run) {
  int failures = 0;
  int errors = 0;
  int skipped = 0;
  std::string body;
  const auto cases = cases_of(run);
  for (const auto& each : cases) {
    failures += each.verdict == verdict::fail;
    errors += each.verdict == verdict::inconclusive;
    skipped += each.verdict == verdict::skipped;
    body += fmt::format("    <testcase classname=\"gauntlet.{}\" name=\"{}\"{} time=\"0\"",
                        xml_escaped(run.scenario.name), xml_escaped(each.name),
                        place_attributes(each.where));
    const auto inner = body_of(each);
    body += inner.empty() ? "/>\n" : ">\n" + inner + "    </testcase>\n";
  }
  const auto figures = fmt::format(
      "tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\" time=\"{:.3f}\"", cases.size(),
      failures, errors, skipped, std::chrono::duration<double>(run.duration).count());
  // Without the milliseconds and the zone, which the common readers of the format do not know.
  const auto started = record::to_iso8601(run.started).substr(0, 19);
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites {}>\n"
      "  <testsuite name=\"{}\" {} timestamp=\"{}\" hostname=\"{}\">\n"
      "    <properties>\n"
      "      <property name=\"seed\" value=\"{}\"/>\n"
      "      <property name=\"again\" value=\"{}\"/>\n"
      "    </properties>\n{}  </testsuite>\n</testsuites>\n",
      figures, xml_escaped(subject(run)), figures, started, xml_escaped(run.environment.host),
      run.scenario.seed, xml_escaped(reproduce_command(run)), body);
}

}  // namespace gauntlet::reports
