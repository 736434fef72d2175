// gauntlet report: renders a recorded result again.

#include <fstream>
#include <iterator>
#include <memory>
#include <string>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/messages.hpp"
#include "cli/result_folder.hpp"
#include "harness/record/conformance_json.hpp"
#include "harness/record/json.hpp"
#include "reports/conformance/conformance_reports.hpp"
#include "reports/html.hpp"
#include "reports/junit.hpp"
#include "reports/markdown.hpp"
#include "reports/text.hpp"

namespace gauntlet::cli {
namespace {

struct report_flags {
  std::string result;
  std::string html;
  std::string junit;
  std::string markdown;
};

// `result` is of a run or of the conformance suite.
template <class Result>
exit_code render(const report_flags& flags, const outcome<Result>& result) {
  if (!result) return fail(result.error());
  const bool to_files = !flags.html.empty() || !flags.junit.empty() || !flags.markdown.empty();
  if (!to_files) {
    fmt::print("{}", reports::to_text(*result, {.colour = stdout_is_colourful()}));
    return exit_code::ok;
  }
  outcome<void> done;
  if (done && !flags.html.empty()) done = write_text(flags.html, reports::to_html(*result));
  if (done && !flags.junit.empty()) done = write_text(flags.junit, reports::to_junit(*result));
  if (done && !flags.markdown.empty()) {
    done = write_text(flags.markdown, reports::to_markdown(*result));
  }
  return done ? exit_code::ok : fail(done.error());
}

exit_code render(const report_flags& flags) {
  std::filesystem::path file = flags.result;
  std::error_code error;
  if (std::filesystem::is_directory(file, error)) file /= "result.json";
  std::ifstream in(file, std::ios::binary);
  const std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  if (record::format_of(text) == record::conformance_result_format) {
    return render(flags, record::read_conformance_result(file));
  }
  return render(flags, record::read_run_result(file));
}

}  // namespace

void add_report_command(CLI::App& program, action& chosen) {
  auto flags = std::make_shared<report_flags>();
  CLI::App* command = program.add_subcommand(
      "report", "Render a result again: text on the terminal, or the files you name");
  command->add_option("result", flags->result, "result.json, or the folder that holds it")
      ->required();
  command->add_option("--html", flags->html, "Write the HTML page to this file");
  command->add_option("--junit", flags->junit, "Write JUnit XML to this file");
  command->add_option("--markdown", flags->markdown, "Write a Markdown summary to this file");
  command->callback([flags, &chosen] { chosen = [flags] { return render(*flags); }; });
}

}  // namespace gauntlet::cli
