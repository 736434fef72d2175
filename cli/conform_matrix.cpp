#include "cli/conform_matrix.hpp"

#include <algorithm>
#include <deque>

#include <fmt/format.h>

#include "cli/interrupt.hpp"
#include "cli/messages.hpp"
#include "cli/result_folder.hpp"
#include "harness/net/url.hpp"
#include "harness/record/conformance_json.hpp"
#include "harness/record/conformance_matrix.hpp"
#include "reports/conformance/conformance_diff.hpp"
#include "reports/conformance/conformance_matrix_page.hpp"
#include "reports/conformance/conformance_reports.hpp"

namespace gauntlet::cli {
namespace {

// A folder's name for a target: that of a profile, or what of a URL may stand in one.
std::string folder_name(const std::string& target) {
  std::string name = net::without_password(target);
  for (char& letter : name) {
    const bool is_plain = std::isalnum(static_cast<unsigned char>(letter)) != 0 || letter == '.';
    if (!is_plain) letter = '-';
  }
  return name;
}

outcome<record::conformance_result> read_result(std::filesystem::path file) {
  std::error_code error;
  if (std::filesystem::is_directory(file, error)) file /= "result.json";
  return record::read_conformance_result(file);
}

exit_code worse(exit_code a, exit_code b) { return std::max(a, b); }

}  // namespace

outcome<void> check_matrix_flags(const conform_flags& flags) {
  if (flags.matrix.empty()) return {};
  const auto refused = [](std::string_view flag, std::string_view instead) {
    return bad_input(fmt::format("--matrix and {} do not go together: {}", flag, instead));
  };
  if (!flags.target.target.empty()) return refused("--target", "name the targets in --matrix");
  if (!flags.expectations.empty()) return refused("--expectations", "gate one target at a time");
  if (!flags.target.defects.empty()) return refused("--defect", "leave one of them out");
  if (flags.json) return refused("--json", "each broker's result.json is in the folder");
  for (const std::string& each : flags.matrix) {
    if (std::ranges::count(flags.matrix, each) > 1) {
      return bad_input(fmt::format("--matrix names {} twice", net::without_password(each)));
    }
  }
  return {};
}

exit_code run_matrix(const conform_flags& flags, const conform_plan& plan,
                     const conformance::conduct_request& wanted) {
  const auto folder = make_result_folder(flags.out, "matrix");
  if (!folder) return fail(folder.error());
  exit_code worst = exit_code::ok;
  std::deque<record::conformance_result> results;
  std::vector<record::matrix_source> sources;
  for (const std::string& target : flags.matrix) {
    if (interrupt_guard::requested()) break;
    const std::string name = folder_name(target);
    std::error_code ignored;
    std::filesystem::create_directories(*folder / name, ignored);
    conformance::conduct_request one = wanted;
    one.broker.target.target = target;
    const std::filesystem::path captures =
        flags.pcap.empty() ? std::filesystem::path() : flags.pcap / std::filesystem::path(name);
    auto result = run_conform(plan, std::move(one), *folder / name, flags.quiet, captures);
    if (!result) {
      worst = worse(worst, fail(result.error()));
      continue;
    }
    const auto written = reports::write_conformance_reports(*folder / name, *result);
    if (!written) return fail(written.error());
    worst = worse(worst, result->exit_code);
    if (!flags.quiet)
      fmt::print("{}", reports::to_text(*result, {.colour = stdout_is_colourful()}));
    results.push_back(std::move(*result));
    sources.push_back({.name = name, .report = name + "/report.html", .result = &results.back()});
  }
  if (sources.empty()) return worst;
  const record::conformance_matrix matrix = record::matrix_of(sources);
  auto written = write_text(*folder / "matrix.html", reports::to_html(matrix));
  if (written) written = write_text(*folder / "matrix.md", reports::to_markdown(matrix));
  if (!written) return fail(written.error());
  fmt::print("\nMatrix: {}\n", (*folder / "matrix.html").string());
  return worst;
}

exit_code print_diff(const conform_flags& flags) {
  const auto before = read_result(flags.diff[0]);
  if (!before) return fail(before.error());
  const auto after = read_result(flags.diff[1]);
  if (!after) return fail(after.error());
  const reports::conformance_diff changed = reports::diff(*before, *after);
  fmt::print("{}", reports::to_text(changed, {.colour = stdout_is_colourful()}));
  const bool is_worse = std::ranges::any_of(changed.changes, [](const reports::changed_test& each) {
    return each.change == reports::test_change::broke ||
           each.change == reports::test_change::changed;
  });
  return is_worse ? exit_code::expectation_failed : exit_code::ok;
}

}  // namespace gauntlet::cli
