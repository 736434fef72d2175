// gauntlet report: renders recorded results again.

#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/messages.hpp"
#include "cli/report_conformance.hpp"
#include "cli/result_folder.hpp"
#include "harness/record/atomic_file.hpp"
#include "harness/record/conformance_json.hpp"
#include "harness/record/fuzz_result.hpp"
#include "harness/record/json.hpp"
#include "reports/fuzz/fuzz_reports.hpp"
#include "reports/html.hpp"
#include "reports/junit.hpp"
#include "reports/markdown.hpp"
#include "reports/text.hpp"

namespace gauntlet::cli {
namespace {

struct report_flags {
  std::vector<std::string> results;
  report_files to;
};

exit_code render_run(const std::filesystem::path& file, const report_files& to) {
  const auto run = record::read_run_result(file);
  if (!run) return fail(run.error());
  if (to.none()) {
    fmt::print("{}", reports::to_text(*run, {.colour = stdout_is_colourful()}));
    return exit_code::ok;
  }
  if (!to.json_lines.empty() || !to.badge.empty()) {
    return fail(bad_input("--json-lines and --badge are for results of gauntlet conform"));
  }
  outcome<void> done;
  if (done && !to.html.empty()) done = write_text(to.html, reports::to_html(*run));
  if (done && !to.junit.empty()) done = write_text(to.junit, reports::to_junit(*run));
  if (done && !to.markdown.empty()) done = write_text(to.markdown, reports::to_markdown(*run));
  return done ? exit_code::ok : fail(done.error());
}

exit_code render_campaign(const std::filesystem::path& file, const report_files& to) {
  const auto text = record::read_file(file);
  if (!text) return fail(text.error());
  const auto result = record::fuzz_result_from_json(*text, file.string());
  if (!result) return fail(result.error());
  if (to.none()) {
    fmt::print("{}", reports::to_text(*result));
    return exit_code::ok;
  }
  if (!to.json_lines.empty() || !to.badge.empty()) {
    return fail(bad_input("--json-lines and --badge are for results of gauntlet conform"));
  }
  outcome<void> done;
  if (done && !to.html.empty()) done = write_text(to.html, reports::to_html(*result));
  if (done && !to.junit.empty()) done = write_text(to.junit, reports::to_junit(*result));
  if (done && !to.markdown.empty()) done = write_text(to.markdown, reports::to_markdown(*result));
  return done ? exit_code::ok : fail(done.error());
}

// Readers of either kind say what is wrong with a text that is neither.
std::string format_of_file(const std::filesystem::path& file) {
  const auto text = record::read_file(file);
  return text ? record::format_of(*text) : std::string();
}

exit_code render(const report_flags& flags) {
  std::vector<std::filesystem::path> files;
  for (const std::string& given : flags.results) {
    std::filesystem::path& file = files.emplace_back(given);
    std::error_code error;
    if (std::filesystem::is_directory(file, error)) file /= "result.json";
  }
  if (files.size() > 1) return render_matrix(files, flags.to);
  const std::string format = format_of_file(files[0]);
  if (format == record::conformance_result_format) return render_conformance(files[0], flags.to);
  if (format == record::fuzz_result_format) return render_campaign(files[0], flags.to);
  return render_run(files[0], flags.to);
}

}  // namespace

void add_report_command(CLI::App& program, action& chosen) {
  auto flags = std::make_shared<report_flags>();
  CLI::App* command = program.add_subcommand(
      "report",
      "Render a result again: text on the terminal, or the files you name; several results of "
      "gauntlet conform make a matrix");
  command
      ->add_option("result", flags->results,
                   "result.json, or the folder that holds it; several of gauntlet conform go side "
                   "by side")
      ->required();
  command->add_option("--html", flags->to.html, "Write the HTML page to this file");
  command->add_option("--junit", flags->to.junit, "Write JUnit XML to this file");
  command->add_option("--markdown", flags->to.markdown, "Write a Markdown summary to this file");
  command->add_option("--json-lines", flags->to.json_lines,
                      "Write each conformance test as a line of JSON to this file");
  command->add_option("--badge", flags->to.badge,
                      "Write a badge of conformance (SVG) to this file");
  command->callback([flags, &chosen] { chosen = [flags] { return render(*flags); }; });
}

}  // namespace gauntlet::cli
