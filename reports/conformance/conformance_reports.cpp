#include "reports/conformance/conformance_reports.hpp"

#include <utility>

#include "harness/record/atomic_file.hpp"
#include "harness/record/conformance_json.hpp"

namespace gauntlet::reports {

outcome<void> write_conformance_reports(const std::filesystem::path& folder,
                                        const record::conformance_result& result) {
  // The record first: whatever else fails, every report can be made from it again.
  const auto written = record::write_conformance_result(folder / "result.json", result);
  if (!written) return written;
  const std::pair<const char*, std::string> files[] = {{"report.html", to_html(result)},
                                                       {"junit.xml", to_junit(result)},
                                                       {"tests.jsonl", to_json_lines(result)},
                                                       {"summary.md", to_markdown(result)},
                                                       {"badge.svg", to_badge(result)}};
  for (const auto& [name, content] : files) {
    const auto done = record::write_file_atomically(folder / name, content);
    if (!done) return done;
  }
  return {};
}

std::string to_json_lines(const record::conformance_result& result) {
  std::string lines;
  for (const auto& test : result.tests) lines += record::to_json(test) + '\n';
  return lines;
}

}  // namespace gauntlet::reports
