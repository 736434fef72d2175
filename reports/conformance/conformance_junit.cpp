#include <chrono>
#include <map>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "harness/record/conformance_matrix.hpp"
#include "reports/conformance/conformance_reports.hpp"
#include "reports/conformance/conformance_summary.hpp"
#include "reports/escape.hpp"

namespace gauntlet::reports {
namespace {

using record::test_verdict;

enum class junit_outcome : std::uint8_t { pass, failure, error, skipped };

struct test_case {
  std::string class_name;
  std::string name;
  junit_outcome outcome = junit_outcome::pass;
  std::string type;
  std::string message;
  gauntlet::duration took{};
};

struct suite {
  std::string name;
  std::vector<test_case> cases;
};

junit_outcome outcome_of(const record::test_record& test, bool strict) {
  const auto counts = test.level == record::requirement_level::must ||
                      (strict && test.level == record::requirement_level::should);
  switch (test.verdict) {
    case test_verdict::fail:
    case test_verdict::unstable:
      return counts ? junit_outcome::failure : junit_outcome::pass;
    case test_verdict::blocked:
    case test_verdict::inconclusive:
      return junit_outcome::error;
    case test_verdict::skipped:
    case test_verdict::not_run:
      return junit_outcome::skipped;
    case test_verdict::pass:
    case test_verdict::variant:
      break;
  }
  return junit_outcome::pass;
}

std::string message_of(const record::test_record& test) {
  if (test.verdict == test_verdict::pass) return "";
  auto message = finding_of(test);
  if (test.runs > 1) message += fmt::format(" ({} of {} runs passed)", test.passes, test.runs);
  if (test.reproducer && !test.reproducer->command.empty()) {
    message += "\nAgain: " + test.reproducer->command;
  }
  return message;
}

using difference_map =
    std::map<std::pair<std::string, std::string>, const record::expectation_difference*>;

test_case case_of(const record::test_record& test, const record::conformance_result& result,
                  const difference_map& differences) {
  test_case made{.class_name = fmt::format("mqtt-{}.{}", test.version, test.theme),
                 .name = fmt::format("{}: {}", test.id, test.title),
                 .type = std::string(name(test.verdict)),
                 .message = message_of(test),
                 .took = test.took};
  if (!result.expectations) {
    made.outcome = outcome_of(test, result.options.strict);
    return made;
  }
  const auto found = differences.find({test.version, test.id});
  if (found == differences.end()) {
    if (test.verdict == test_verdict::skipped) made.outcome = junit_outcome::skipped;
    return made;
  }
  const auto& difference = *found->second;
  made.outcome = junit_outcome::failure;
  made.type = words_of(difference.change);
  made.message = fmt::format("expected {}, observed {}\n{}", difference.expected,
                             difference.observed, made.message);
  return made;
}

suite suite_of_run(const record::conformance_result& result) {
  const auto complete = result.ending == record::ending::complete;
  suite made{"The run",
             {{.class_name = "gauntlet.conform",
               .name = "The run completes",
               .outcome = complete ? junit_outcome::pass : junit_outcome::error,
               .type = std::string(name(result.ending)),
               .message = complete ? "" : result.ending_sentence}}};
  if (!result.expectations) return made;
  for (const auto& each : result.expectations->differences) {
    if (each.change != record::expectation_change::missing_test) continue;
    made.cases.push_back({.class_name = "gauntlet.conform",
                          .name = fmt::format("{} in {} runs", each.test, each.version),
                          .outcome = junit_outcome::failure,
                          .type = std::string(words_of(each.change)),
                          .message = "expected " + each.expected + ", did not run"});
  }
  return made;
}

std::vector<suite> suites_of(const record::conformance_result& result) {
  difference_map differences;
  if (result.expectations) {
    for (const auto& each : result.expectations->differences) {
      differences[{each.version, each.test}] = &each;
    }
  }
  std::map<std::string, suite> by_name;
  for (const auto& test : result.tests) {
    const auto title = fmt::format("MQTT {}: {}", test.version, test.theme);
    auto& in = by_name[title];
    in.name = title;
    in.cases.push_back(case_of(test, result, differences));
  }
  std::vector<suite> suites{suite_of_run(result)};
  for (auto& [title, made] : by_name) suites.push_back(std::move(made));
  return suites;
}

std::string inner_of(const test_case& each) {
  const auto type = xml_escaped(each.type);
  const auto message = xml_escaped(each.message);
  switch (each.outcome) {
    case junit_outcome::pass:
      if (message.empty()) return "";
      return fmt::format("      <system-out>{}: {}</system-out>\n", type, message);
    case junit_outcome::failure:
      return fmt::format("      <failure type=\"{}\" message=\"{}\"/>\n", type, message);
    case junit_outcome::error:
      return fmt::format("      <error type=\"{}\" message=\"{}\"/>\n", type, message);
    case junit_outcome::skipped:
      return fmt::format("      <skipped message=\"{}\"/>\n", message);
  }
  return "";
}

struct figures {
  std::size_t tests = 0;
  std::size_t failures = 0;
  std::size_t errors = 0;
  std::size_t skipped = 0;

  void add(const suite& of) {
    tests += of.cases.size();
    for (const auto& each : of.cases) {
      failures += each.outcome == junit_outcome::failure ? 1U : 0U;
      errors += each.outcome == junit_outcome::error ? 1U : 0U;
      skipped += each.outcome == junit_outcome::skipped ? 1U : 0U;
    }
  }
  std::string text() const {
    return fmt::format("tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\"", tests, failures,
                       errors, skipped);
  }
};

double seconds(gauntlet::duration of) { return std::chrono::duration<double>(of).count(); }

std::string text_of(const suite& of, const record::conformance_result& result) {
  figures counted;
  counted.add(of);
  gauntlet::duration took{};
  std::string cases;
  for (const auto& each : of.cases) {
    took += each.took;
    cases += fmt::format("    <testcase classname=\"{}\" name=\"{}\" time=\"{:.3f}\"",
                         xml_escaped(each.class_name), xml_escaped(each.name), seconds(each.took));
    const auto inner = inner_of(each);
    cases += inner.empty() ? "/>\n" : ">\n" + inner + "    </testcase>\n";
  }
  // Without the milliseconds and the zone, which the common readers of the format do not know.
  return fmt::format(
      "  <testsuite name=\"{}\" {} time=\"{:.3f}\" timestamp=\"{}\" hostname=\"{}\">\n{}"
      "  </testsuite>\n",
      xml_escaped(of.name), counted.text(), seconds(took),
      record::to_iso8601(result.started).substr(0, 19), xml_escaped(result.environment.host),
      cases);
}

}  // namespace

std::string to_junit(const record::conformance_result& result) {
  figures counted;
  std::string body;
  for (const auto& each : suites_of(result)) {
    counted.add(each);
    body += text_of(each, result);
  }
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<testsuites name=\"MQTT conformance of {}, seed {}\" {} time=\"{:.3f}\">\n{}"
      "</testsuites>\n",
      xml_escaped(subject(result)), result.seed, counted.text(), seconds(result.duration), body);
}

}  // namespace gauntlet::reports
