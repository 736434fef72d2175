#include "cli/report_conformance.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "cli/messages.hpp"
#include "cli/result_folder.hpp"
#include "harness/record/conformance_json.hpp"
#include "reports/conformance/conformance_matrix_page.hpp"
#include "reports/conformance/conformance_reports.hpp"

namespace gauntlet::cli {
namespace {

namespace fs = std::filesystem;

struct output {
  const std::string& file;
  std::string content;
};

// Writes those that have a file, up to the first that cannot be written.
exit_code write_all(const std::vector<output>& all) {
  for (const output& each : all) {
    if (each.file.empty()) continue;
    const auto written = write_text(each.file, each.content);
    if (!written) return fail(written.error());
  }
  return exit_code::ok;
}

// What the column is called: the target as it was given, with the folder where two are alike.
std::string name_of(const record::conformance_result& result, const fs::path& file,
                    const std::vector<record::conformance_result>& all) {
  const auto& given = result.target.given;
  const auto alike = std::count_if(all.begin(), all.end(),
                                   [&](const auto& each) { return each.target.given == given; });
  const auto folder = file.parent_path().filename().string();
  return alike > 1 && !folder.empty() ? fmt::format("{} ({})", given, folder) : given;
}

// The report beside a result as seen from the page; empty if there is none.
std::string address_of_report(const fs::path& result, const std::string& page) {
  std::error_code error;
  const fs::path report = result.parent_path() / "report.html";
  if (!fs::exists(report, error)) return "";
  const fs::path from = fs::absolute(page, error).parent_path();
  return fs::absolute(report, error).lexically_relative(from).generic_string();
}

}  // namespace

exit_code render_conformance(const fs::path& file, const report_files& to) {
  const auto result = record::read_conformance_result(file);
  if (!result) return fail(result.error());
  if (to.none()) {
    fmt::print("{}", reports::to_text(*result, {.colour = stdout_is_colourful()}));
    return exit_code::ok;
  }
  return write_all({{to.html, reports::to_html(*result)},
                    {to.junit, reports::to_junit(*result)},
                    {to.markdown, reports::to_markdown(*result)},
                    {to.json_lines, reports::to_json_lines(*result)},
                    {to.badge, reports::to_badge(*result)}});
}

exit_code render_matrix(const std::vector<fs::path>& files, const report_files& to) {
  if (!to.junit.empty() || !to.json_lines.empty() || !to.badge.empty()) {
    return fail(bad_input("several results go into --html and --markdown only"));
  }
  std::vector<record::conformance_result> results;
  for (const fs::path& file : files) {
    auto result = record::read_conformance_result(file);
    if (!result) return fail(result.error());
    results.push_back(std::move(*result));
  }
  std::vector<record::matrix_source> sources;
  for (std::size_t i = 0; i < files.size(); ++i) {
    sources.push_back({.name = name_of(results[i], files[i], results),
                       .report = address_of_report(files[i], to.html),
                       .result = &results[i]});
  }
  const auto matrix = record::matrix_of(sources);
  if (to.none()) {
    fmt::print("{}", reports::to_markdown(matrix));
    return exit_code::ok;
  }
  return write_all(
      {{to.html, reports::to_html(matrix)}, {to.markdown, reports::to_markdown(matrix)}});
}

}  // namespace gauntlet::cli
