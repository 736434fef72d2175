#pragma once

// Every report of a conformance run, from its record and nothing else.

#include <filesystem>
#include <string>

#include "harness/base/result.hpp"
#include "harness/record/conformance_result.hpp"
#include "reports/text.hpp"

namespace gauntlet::reports {

/// Writes result.json, report.html, junit.xml, tests.jsonl, summary.md and badge.svg into a folder
/// that exists.
outcome<void> write_conformance_reports(const std::filesystem::path& folder,
                                        const record::conformance_result& result);

/// The whole page in UTF-8; needs neither network nor folder. It holds the record as JSON (a script
/// element named "result"). `#MQTT-3.1.0-2/second-connect` in its address opens that test, with
/// "5.0:" in front that of one version.
std::string to_html(const record::conformance_result& result);

/// A suite for each version and theme, and one of the run itself. Without expectations, fail and
/// unstable are failures, blocked and inconclusive errors; a SHOULD only with --strict. With
/// expectations, exactly their differences are failures.
std::string to_junit(const record::conformance_result& result);

/// Each test as JSON on a line of its own.
std::string to_json_lines(const record::conformance_result& result);

/// A summary for a pull-request comment, in GitHub's Markdown. Text from outside cannot break out
/// of its cell or mention anybody.
std::string to_markdown(const record::conformance_result& result);

/// An SVG picture of a line: statements kept of those testable, for each version.
std::string to_badge(const record::conformance_result& result);

/// For a terminal: counts per version, causes, the first failures with a line each. `report` says
/// where the page is; empty if there is none.
std::string to_text(const record::conformance_result& result, const text_options& options = {},
                    const std::string& report = "");

}  // namespace gauntlet::reports
